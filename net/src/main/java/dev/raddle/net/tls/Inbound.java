package dev.raddle.net.tls;

import dev.raddle.net.Conn;
import java.io.EOFException;
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
 * The receiving direction.
 *
 * Shape       received: bytes from the connection below that are not yet a whole record, or more
 *             than one; plain: of a record that did not fit where its reader wanted it. Both are
 *             lent buffers in read mode, and null when empty.
 * Guarded by  lock: all fields, and every call of unwrap.
 * Lock order  this lock, then Outbound's: the engine may have to answer what it reads.
 */
final class Inbound {
  private static final int RECORD_HEADER_BYTES = 5;
  private static final int ALERT = 21; // RFC 8446, 5.1
  private static final int HANDSHAKE = 22;
  private static final int BEYOND_VERSIONS = 0x10; // Go's: no TLS has such a first byte

  private final Conn raw;
  private SSLEngine engine;
  private final Outbound outbound;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ByteBuffer received;
  private @Nullable ByteBuffer plain;
  private boolean negotiated;
  private boolean looked; // at the first record's header
  private boolean ended;
  private @Nullable IOException failure;

  Inbound(Conn raw, SSLEngine engine, Outbound outbound) {
    this.raw = raw;
    this.engine = engine;
    this.outbound = outbound;
  }

  int read(ByteBuffer target) throws IOException {
    lock.lock();
    try {
      while (true) {
        ByteBuffer p = plain;
        if (p != null) {
          return take(p, target);
        }
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        if (ended) {
          return -1;
        }
        int n = unwrap(target);
        if (n > 0) {
          return n;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a read has something to do, holding no buffer. */
  void awaitInput() throws IOException {
    lock.lock();
    try {
      if (plain == null && received == null && failure == null && !ended) {
        raw.awaitInput();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean hasInput() {
    if (!lock.tryLock()) {
      return false; // somebody else reads
    }
    try {
      return plain != null || received != null || raw.hasInput();
    } finally {
      lock.unlock();
    }
  }

  private int take(ByteBuffer from, ByteBuffer target) {
    int n = Math.min(from.remaining(), target.remaining());
    target.put(target.position(), from, from.position(), n);
    target.position(target.position() + n);
    from.position(from.position() + n);
    if (!from.hasRemaining()) {
      plain = null;
      Buffers.give(from);
    }
    return n;
  }

  /** The handshake is over; there will be no other one. */
  void negotiated() {
    lock.lock();
    try {
      negotiated = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the client says first, waiting for it; the engine has got none of it yet. Null if it is
   * something else, and the engine's to judge.
   */
  @Nullable ClientHelloInfo hello() throws IOException {
    lock.lock();
    try {
      if (received == null && !receive()) {
        throw new EOFException("tls: handshake: EOF");
      }
      look();
      while (true) {
        switch (HelloParser.look(buffered())) {
          case HelloParser.Look.Whole(ByteBuffer body) -> {
            return HelloParser.parse(body, raw);
          }
          case HelloParser.Look.Other _ -> {
            return null;
          }
          case HelloParser.Look.More _ -> receiveMore();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Speaks by another engine from now on, which gets all that was received. */
  void engine(SSLEngine other) {
    lock.lock();
    try {
      engine = other;
    } finally {
      lock.unlock();
    }
  }

  /** A step of the handshake: takes in one record, waiting for it. */
  void unwrapForHandshake() throws IOException {
    lock.lock();
    try {
      HandshakeStatus before = engine.getHandshakeStatus();
      if (received == null) {
        // It may have kept a failure until its alert was sent, or find that it has done.
        engine.unwrap(Buffers.NONE, Buffers.NONE);
        if (engine.getHandshakeStatus() != before) {
          return;
        }
      }
      unwrap(Buffers.NONE);
      if (ended && before == HandshakeStatus.NEED_UNWRAP) {
        throw new EOFException("tls: handshake: EOF");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in one record; gives the bytes for the target, the rest goes to plain. */
  private int unwrap(ByteBuffer target) throws IOException {
    if (received == null && !receive()) {
      ended = true;
      return 0;
    }
    int start = target.position();
    try {
      look();
      SSLEngineResult result = engine.unwrap(buffered(), target);
      switch (result.getStatus()) {
        case BUFFER_OVERFLOW -> unwrapToPlain();
        case BUFFER_UNDERFLOW -> receiveMore();
        case CLOSED -> ended = true;
        case OK -> {}
      }
      settle();
    } catch (RecordHeaderException e) {
      failure = e;
      throw e;
    } catch (SSLException e) {
      failure = e;
      answer();
      throw e;
    }
    return target.position() - start;
  }

  /** A record for which the target may be too small; the engine says so of incomplete ones too. */
  private void unwrapToPlain() throws IOException {
    ByteBuffer p = Buffers.take();
    try {
      Status status = engine.unwrap(buffered(), p).getStatus();
      while (status == Status.BUFFER_OVERFLOW) {
        p = Buffers.grow(p, engine.getSession().getApplicationBufferSize());
        status = engine.unwrap(buffered(), p).getStatus();
      }
      if (status == Status.BUFFER_UNDERFLOW) {
        receiveMore();
      } else if (status == Status.CLOSED) {
        ended = true;
      }
    } finally {
      if (p.flip().hasRemaining()) {
        plain = p;
      } else {
        Buffers.give(p);
      }
    }
  }

  /** What the engine does after a record; answers it, and gives an empty buffer back. */
  private void settle() {
    ByteBuffer r = received;
    if (r != null && !r.hasRemaining()) {
      received = null;
      Buffers.give(r);
    }
    Engines.runTasks(engine);
    if (negotiated && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      answer(); // who writes next learns of a failure
    }
  }

  /** An answer or an alert. */
  private void answer() {
    try {
      outbound.flush();
    } catch (IOException e) {
      // The other side does not want to know.
    }
  }

  private ByteBuffer buffered() {
    ByteBuffer r = received;
    if (r == null) {
      throw new IllegalStateException("tls: expected received bytes, found none");
    }
    return r;
  }

  /** The first bytes of a record; false at the end of the connection. */
  private boolean receive() throws IOException {
    raw.awaitInput();
    received = Buffers.take().flip();
    boolean got = false;
    try {
      got = fill();
    } finally {
      if (!got) {
        Buffers.give(buffered());
        received = null;
      }
    }
    return got;
  }

  /** More of a record that has begun. */
  private void receiveMore() throws IOException {
    if (!fill()) {
      throw new EOFException("tls: unexpected EOF");
    }
  }

  private boolean fill() throws IOException {
    ByteBuffer r = buffered().compact();
    try {
      if (!r.hasRemaining()) {
        r = Buffers.grow(r, engine.getSession().getPacketBufferSize());
        received = r;
      }
      return raw.read(r) > 0;
    } finally {
      r.flip();
    }
  }

  /** Refuses two things that the engine would take or not tell apart. */
  private void look() throws IOException {
    if (negotiated) {
      // TLS 1.3 has such records inside of encrypted ones only; in 1.2 it is a new handshake.
      if (buffered().get(buffered().position()) == HANDSHAKE) {
        throw new SSLException("tls: renegotiation is refused");
      }
    } else if (!looked) {
      while (buffered().remaining() < RECORD_HEADER_BYTES) {
        receiveMore();
      }
      looked = true;
      checkFirstRecord(buffered());
    }
  }

  /** Whoever speaks no TLS at all is told apart before anything is sent. */
  private void checkFirstRecord(ByteBuffer r) throws RecordHeaderException {
    int kind = r.get(r.position());
    if ((kind != HANDSHAKE && kind != ALERT) || r.get(r.position() + 1) >= BEYOND_VERSIONS) {
      byte[] header = new byte[RECORD_HEADER_BYTES];
      r.get(header);
      throw new RecordHeaderException(raw, RecordHeaderException.text(header));
    }
  }
}
