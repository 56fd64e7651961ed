package dev.raddle.net.tls;

import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/*
 * The sending direction: application data, handshake messages, alerts. One at a time; a record that
 * was sent in part cannot be mended, so after a failure there is nothing more to send.
 *
 * Guarded by  lock: all fields, and every call of wrap.
 * Lock order  Inbound's lock, then this one.
 */
final class Outbound {
  /** A record of TLS 1.2, in clear: alert, fatal, internal_error; Go's choice. */
  private static final byte[] REFUSAL = {21, 3, 3, 0, 2, 2, 80};

  private final Conn raw;
  private SSLEngine engine;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;
  private @Nullable IOException failure;

  Outbound(Conn raw, SSLEngine engine) {
    this.raw = raw;
    this.engine = engine;
  }

  /** Speaks by another engine from now on; nothing has been said. */
  void engine(SSLEngine other) {
    lock.lock();
    try {
      engine = other;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the other side, before the engine has said anything, that it will not be served. */
  void refuse() throws IOException {
    lock.lock();
    try {
      flush(ByteBuffer.allocate(REFUSAL.length).put(REFUSAL));
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  void write(ByteBuffer source) throws IOException {
    lock.lock();
    try {
      check();
      send(source, false);
    } finally {
      lock.unlock();
    }
  }

  /** Sends what the engine has to say by itself: handshake messages, or an alert. */
  void flush() throws IOException {
    lock.lock();
    try {
      rethrow();
      if (wantsToSend()) {
        send(Buffers.NONE, true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells the other side that nothing more follows; once. */
  void closeNotify() throws IOException {
    lock.lock();
    try {
      if (!closed && failure == null) {
        closed = true;
        engine.closeOutbound();
        send(Buffers.NONE, true); // in any case: not every engine says that it wants to
      }
    } finally {
      lock.unlock();
    }
  }

  /** As closeNotify, unless somebody is sending. */
  void tryCloseNotify() throws IOException {
    if (lock.tryLock()) {
      try {
        closeNotify();
      } finally {
        lock.unlock();
      }
    }
  }

  private void check() throws IOException {
    if (closed) {
      throw new SSLException("tls: protocol is shutdown");
    }
    rethrow();
  }

  private void rethrow() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  /** Sends the source to its end; of its own will the engine sends at least once. */
  private void send(ByteBuffer source, boolean own) throws IOException {
    boolean more = own || source.hasRemaining();
    if (!more) {
      return;
    }
    ByteBuffer packet = Buffers.take();
    try {
      while (more) {
        SSLEngineResult result = engine.wrap(source, packet);
        Engines.runTasks(engine);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
          packet =
              packet.position() > 0
                  ? flush(packet)
                  : Buffers.grow(packet, engine.getSession().getPacketBufferSize());
        } else if (result.getStatus() == Status.CLOSED && result.bytesProduced() == 0) {
          flush(packet);
          if (own) {
            return;
          }
          throw new SSLException("tls: protocol is shutdown");
        } else if (source.hasRemaining()) {
          packet = flush(packet); // a record a write; small ones of a handshake go together
        }
        more = own ? wantsToSend() : source.hasRemaining();
      }
      flush(packet);
    } finally {
      Buffers.give(packet);
    }
  }

  private boolean wantsToSend() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
  }

  private ByteBuffer flush(ByteBuffer packet) throws IOException {
    packet.flip();
    if (packet.hasRemaining()) {
      try {
        raw.write(packet);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
    return packet.clear();
  }
}
