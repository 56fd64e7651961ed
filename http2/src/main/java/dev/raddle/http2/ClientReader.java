package dev.raddle.http2;

import dev.raddle.net.Conn;
import dev.raddle.sync.Pool;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http2.ErrorCode;

/**
 * Reads what the server sends, on a goroutine of its own, for {@link ClientFrames}. While nothing
 * comes it holds no buffer.
 */
final class ClientReader {
  private static final int READ_BYTES = 16 << 10;
  private static final byte[] HTTP1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final Pool<ByteBuffer> BUFFERS = new Pool<>(() -> ByteBuffer.allocate(READ_BYTES));

  private final Http2ClientSession session;
  private final ClientEnd ending;
  private final Conn conn;
  private final HealthCheck health;
  private final ClientFrames frames;
  private boolean begun;

  ClientReader(Http2ClientSession session, ClientEnd ending, Conn conn, HealthCheck health) {
    this.session = session;
    this.ending = ending;
    this.conn = conn;
    this.health = health;
    frames = new ClientFrames(session);
  }

  /** To the end of the connection. */
  void run() {
    IOException end = new EOFException("http2: server closed the connection");
    try {
      while (readOnce()) {
        session.settle();
      }
    } catch (IOException e) {
      end = e;
    } catch (RuntimeException e) {
      end = new IOException("http2: " + e, e);
    }
    ending.inputEnded(end);
  }

  /** Returns whether more may follow. */
  private boolean readOnce() throws IOException {
    conn.awaitInput();
    ByteBuffer buffer = BUFFERS.get().clear();
    try {
      if (conn.read(buffer) < 0) {
        return false;
      }
      buffer.flip();
      health.heard();
      session.lock.lock();
      try {
        if (!begun) {
          begun = true;
          if (startsAsHttp1(buffer)) {
            session.fail(ErrorCode.PROTOCOL_ERROR, "server speaks HTTP/1");
          }
        }
        while (buffer.hasRemaining() && !session.isFailed()) {
          frames.parse(buffer);
        }
        return !session.isFailed();
      } finally {
        session.lock.unlock();
      }
    } finally {
      BUFFERS.put(buffer);
    }
  }

  private static boolean startsAsHttp1(ByteBuffer buffer) {
    return buffer.remaining() >= HTTP1.length
        && buffer.slice(buffer.position(), HTTP1.length).equals(ByteBuffer.wrap(HTTP1));
  }
}
