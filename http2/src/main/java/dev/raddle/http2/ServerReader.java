package dev.raddle.http2;

import dev.raddle.http.spi.UpgradeRequest;
import dev.raddle.sync.Pool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.parser.SettingsBodyParser;

/**
 * Reads what the client sends, on the connection's goroutine, for {@link ServerFrames}. While
 * nothing comes it holds no buffer.
 */
final class ServerReader {
  private static final int READ_BYTES = 16 << 10;
  private static final Pool<ByteBuffer> BUFFERS = new Pool<>(() -> ByteBuffer.allocate(READ_BYTES));

  private final Http2Session session;
  private final ServerFrames frames;

  ServerReader(Http2Session session) {
    this.session = session;
    frames = new ServerFrames(session);
  }

  /** The first request, which has asked for HTTP/2 by HTTP/1, is stream 1. */
  void upgrade(UpgradeRequest first) {
    SettingsFrame settings = null;
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(first.settings());
      settings = SettingsBodyParser.parseBody(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException notBase64) {
      // As if it were malformed.
    }
    if (settings == null) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "invalid HTTP2-Settings");
      return;
    }
    frames.apply(settings);
    session.lock.lock();
    try {
      session.streams.upgrade(first.request());
    } finally {
      session.lock.unlock();
    }
    session.reportActivity();
  }

  /** Returns whether more may follow. */
  boolean readOnce() throws IOException {
    session.link.awaitInput();
    ByteBuffer buffer = BUFFERS.get().clear();
    try {
      if (session.link.read(buffer) < 0) {
        return false;
      }
      buffer.flip();
      while (buffer.hasRemaining() && !session.isFailed()) {
        frames.parse(buffer);
      }
      checkFlood();
      return !session.isFailed();
    } finally {
      BUFFERS.put(buffer);
    }
  }

  /** Whoever asks and does not read the answers must not fill our memory with them. */
  private void checkFlood() {
    boolean flooded;
    session.lock.lock();
    try {
      flooded = session.flow.out.isFlooded();
    } finally {
      session.lock.unlock();
    }
    if (flooded) {
      session.fail(ErrorCode.ENHANCE_YOUR_CALM_ERROR, "the client does not read the answers");
    }
  }

  /** What is sent last is lost if the connection closes while something is unread. */
  void drain() throws IOException {
    session.closeSoon(); // even if the client does not read what was sent
    ByteBuffer scratch = ByteBuffer.allocate(READ_BYTES);
    while (session.link.read(scratch) >= 0) {
      scratch.clear();
    }
  }
}
