package dev.raddle.http;

import dev.raddle.http.internal.Outlet;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.Source;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/*
 * The limits for bodies that stand still, see ServerBuilder.stallTimeout. A read or a write of the
 * connection that takes too long is ended by closing it: there is nobody to answer.
 *
 * Roles       Readers of the body and the writer of the response, each from its own goroutine and one
 *             at a time (RequestBody, Output); two timers, as both may wait at once.
 * Cost        Two moves of a Deadline, and a timer a minute, for a connection that is busy.
 * Why not     Deadlines of the connection: not every Conn has them, and a timer for each call.
 */
/** Ends reads and writes that stand still. */
final class Stall {
  /** What has to be taken in time: as much as one system call moves. */
  static final int PIECE_BYTES = 64 << 10;

  private final long limitNanos;
  private final Deadline reading;
  private final Deadline writing;
  private volatile boolean late;
  private volatile boolean inBody;

  /** Zero: no limit. */
  Stall(long limitNanos, Runnable breaker) {
    this.limitNanos = limitNanos;
    Runnable onExpiry =
        () -> {
          late = true;
          breaker.run();
        };
    reading = new Deadline(onExpiry);
    writing = new Deadline(onExpiry);
  }

  /** Heads have a limit of their own. */
  void inBody(boolean whether) {
    inBody = whether;
  }

  int read(Source source, ByteBuffer target) throws IOException {
    if (limitNanos == 0 || !inBody) {
      return source.read(target);
    }
    reading.set(Deadline.in(limitNanos));
    try {
      return source.read(target);
    } catch (IOException e) {
      throw late ? stalled("nothing came of the request's body", e) : e;
    } finally {
      reading.clear();
    }
  }

  void write(Output.Sink sink, ByteBuffer bytes) throws IOException {
    if (limitNanos == 0) {
      sink.write(bytes);
      return;
    }
    int limit = bytes.limit();
    try {
      while (bytes.position() < limit) {
        bytes.limit(Math.min(limit, bytes.position() + PIECE_BYTES));
        writing.set(Deadline.in(limitNanos));
        sink.write(bytes);
      }
    } catch (IOException e) {
      throw late ? stalled("the client took nothing of the response", e) : e;
    } finally {
      writing.clear();
      bytes.limit(limit);
    }
  }

  /** As the other one, for something that writes no more than a piece. */
  long write(Outlet.Action piece) throws IOException {
    if (limitNanos == 0) {
      return piece.run();
    }
    writing.set(Deadline.in(limitNanos));
    try {
      return piece.run();
    } catch (IOException e) {
      throw late ? stalled("the client took nothing of the response", e) : e;
    } finally {
      writing.clear();
    }
  }

  private IOException stalled(String what, IOException cause) {
    SocketTimeoutException e =
        new SocketTimeoutException(
            "http: " + what + " for " + limitNanos / 1_000_000 + " ms (stallTimeout)");
    e.initCause(cause);
    return e;
  }

  /** Not needed any more. */
  void stop() {
    reading.stop();
    writing.stop();
  }
}
