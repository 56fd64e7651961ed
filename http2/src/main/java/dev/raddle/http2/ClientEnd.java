package dev.raddle.http2;

import dev.raddle.Go;
import dev.raddle.Timer;
import dev.raddle.net.Conn;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http2.ErrorCode;
import org.jspecify.annotations.Nullable;

/*
 * How a client's connection is written, and how it ends.
 *
 * Roles       The reader: fail, goAway, inputEnded. The writer: Side's methods. Anybody: retire,
 *             lose.
 * States      retired: no more requests, be it by GOAWAY, because it is idle or by a request; with
 *             the last stream the writer says GOAWAY and closes.
 *             failed: the server broke the rules; no stream survives; the writer says GOAWAY and
 *             closes.
 *             unwritable: a write has failed; the reader may still find what the server said last.
 *             ended: nothing comes and nothing goes. It follows upon each of the others, upon those
 *             in which the writer ends it within END_PATIENCE.
 *             None of them is ever left, and each of the others means retired.
 * Guarded by  the session's lock.
 */
/** How a client's connection is written, and how it ends. */
final class ClientEnd implements FrameWriter.Side {
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final Http2ClientSession session;
  private final Conn conn;
  private final FrameWriter writer;
  private boolean retired;
  private boolean failed;
  private boolean saidGoAway;
  private boolean unwritable;
  private boolean ended;
  private @Nullable IOException why; // it ends, if there is a reason
  private @Nullable Timer patience;

  ClientEnd(Http2ClientSession session, Conn conn, Scheduler scheduler) {
    this.session = session;
    this.conn = conn;
    writer = new FrameWriter(this, session.lock, session.flow.out, scheduler);
  }

  // Under the lock.

  boolean isRetired() {
    return retired;
  }

  /** Whether frames are of no interest any more. */
  boolean isFailed() {
    return failed || ended;
  }

  /** Why it ends; null if it does not, or in good order. */
  @Nullable IOException why() {
    return why;
  }

  /** Sees to it that what is queued goes out, and that what is over ends. */
  void wakeWriter() {
    if (isLast()) {
      awaitEnd(); // if the server does not read
    }
    writer.wake();
  }

  private void awaitEnd() {
    if (patience == null) {
      String reason = "http2: server did not let the connection end";
      patience = Go.afterFunc(END_PATIENCE, () -> lose(new IOException(reason)));
    }
  }

  private boolean isLast() {
    return !ended && (failed || (retired && session.streams.size() == 0));
  }

  @Override
  public boolean mustEnd() {
    boolean last = isLast();
    if (last && !saidGoAway) {
      saidGoAway = true;
      session.flow.out.goAway(0, ErrorCode.NO_ERROR.code, "");
    }
    return last;
  }

  @Override
  public void signalRoom() {
    session.streams.signal();
    session.changed();
  }

  @Override
  public void write(ByteBuffer batch) throws IOException {
    conn.write(batch);
  }

  @Override
  public void end() {
    lose(new IOException("http2: connection has ended"));
  }

  @Override
  public void fail(IOException reason) {
    session.lock.lock();
    try {
      writer.stop();
      unwritable = true;
      retire();
      why = why == null ? reason : why;
      awaitEnd();
    } finally {
      session.lock.unlock();
    }
    session.settle();
  }

  /** Takes no more requests. */
  void retire() {
    if (!retired) {
      retired = true;
      session.changed();
    }
  }

  /** The server looks at no streams beyond the last one. */
  void goAway(int lastId, int error, String text) {
    retire();
    ErrorCode known = ErrorCode.from(error);
    String message =
        "http2: server sent GOAWAY and closed the connection; LastStreamID="
            + lastId
            + ", ErrCode="
            + (known == null ? error : known)
            + ", debug=\""
            + text
            + '"';
    IOException reason = error == ErrorCode.NO_ERROR.code ? null : new IOException(message);
    if (reason != null) {
      why = reason;
    }
    session.streams.skip(lastId, reason);
  }

  /** The server has broken the rules. */
  void fail(ErrorCode error, String reason) {
    if (failed || ended) {
      return;
    }
    retire();
    failed = true;
    saidGoAway = true;
    session.flow.out.goAway(0, error.code, reason);
    why = new IOException("http2: connection error: " + error + ": " + reason);
    session.streams.abandon(why);
  }

  // Without the lock.

  /** Nothing comes any more. */
  void inputEnded(IOException reason) {
    boolean writerEnds;
    session.lock.lock();
    try {
      writerEnds = failed && !unwritable;
    } finally {
      session.lock.unlock();
    }
    if (writerEnds) {
      session.settle();
    } else {
      lose(reason);
    }
  }

  /** Nothing comes and nothing goes any more. */
  void lose(IOException reason) {
    session.lock.lock();
    try {
      if (!ended) {
        retire();
        ended = true;
        writer.stop();
        why = why == null ? reason : why;
        session.streams.abandon(why);
        if (patience != null) {
          patience.stop();
        }
      }
    } finally {
      session.lock.unlock();
    }
    session.settle(); // first: to close a connection of TLS may take its time
    session.stopHealthCheck();
    try {
      conn.close();
    } catch (IOException e) {
      // It is gone anyway.
    }
  }
}
