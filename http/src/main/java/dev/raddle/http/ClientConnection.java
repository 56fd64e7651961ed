package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.http.internal.ConnSource;
import dev.raddle.http.internal.Intake;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.ResponseParser;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A connection of a client, used by one exchange at a time. It has no buffers between two. */
final class ClientConnection {
  final Conn conn;
  final Intake intake;
  final Destination to;
  final Deadline idle;
  private final ConnectionPool pool;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean inUse = new AtomicBoolean(true);
  private final Output.Sink sink = this::write;
  private @Nullable ClientWorkspace work; // of the exchange, see there
  private boolean reused;
  private boolean wroteSome; // of the current request; by whoever writes it
  private volatile boolean writeFailed;

  ClientConnection(ConnectionPool pool, Destination to, Conn conn) {
    this.pool = pool;
    this.to = to;
    this.conn = conn;
    intake = new Intake(new ConnSource(conn), body -> Go.go(body::run));
    idle = new Deadline(() -> pool.drop(this));
  }

  /** Taken from those that wait. */
  void use() {
    wroteSome = false;
    inUse.set(true);
  }

  /** Borrows what an exchange needs. */
  void begin() {
    ClientWorkspace w = pool.workspaces().get();
    w.connect(intake, sink);
    work = w;
  }

  private void giveBack() {
    ClientWorkspace w = work;
    work = null;
    if (w != null && w.parser.isBetweenMessages()) {
      w.disconnect();
      pool.workspaces().put(w);
    }
  }

  private ClientWorkspace work() {
    ClientWorkspace w = work;
    if (w == null) {
      throw new IllegalStateException(
          "net/http: expected a connection at a request, found one idle");
    }
    return w;
  }

  /** Reads the responses; to be asked for by the present exchange only. */
  ResponseParser parser() {
    return work().parser;
  }

  /** Gathers what goes out; to be asked for by the present exchange only. */
  Output out() {
    return work().out;
  }

  private void write(ByteBuffer bytes) throws IOException {
    int before = bytes.remaining();
    boolean written = false;
    try {
      conn.write(bytes);
      written = true;
    } finally {
      wroteSome |= written || bytes.remaining() < before;
      if (!written) {
        writeFailed = true;
      }
    }
  }

  /** Whether it is broken, as a write has shown. */
  boolean isWriteFailed() {
    return writeFailed;
  }

  /**
   * Whether no byte of the current request went out before that: the server knows nothing of it.
   */
  boolean isUnwritten() {
    return writeFailed && !wroteSome;
  }

  boolean isReused() {
    return reused;
  }

  /** The exchange is over and all has been read and written. */
  void release() {
    reused = true;
    giveBack();
    inUse.set(false);
    pool.put(this);
    pool.releaseSlot(to);
  }

  /** For tests: whether nobody has taken it. */
  boolean isIdle() {
    return !inUse.get();
  }

  /** Nothing has come that nobody asked for: what would answer the next request. */
  boolean isQuiet() {
    ClientWorkspace w = work;
    return intake.isQuiet() && (w == null || !w.parser.hasLeftovers());
  }

  boolean isClosed() {
    return closed.get();
  }

  void close() {
    if (closed.compareAndSet(false, true)) {
      idle.stop();
      if (inUse.getAndSet(false)) {
        pool.releaseSlot(to);
      }
      try {
        conn.close();
      } catch (IOException e) {
        // It is gone anyway.
      }
    }
  }
}
