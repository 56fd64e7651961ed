package dev.raddle.http.internal;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/*
 * The writing side of a connection, for one writer at a time, with a deadline. A write that waits
 * when the deadline passes is ended by closing the connection, which it could not be used for any
 * more: nobody knows how much of the response has been sent.
 *
 * Ordering    O1  write: writing = true, then late is read  <->  expire: late = true, then writing
 *             is read. One of the two sees the other (both volatile).
 */
public final class Outlet implements Output.Sink {
  /** What is done to a write that cannot end. */
  @FunctionalInterface
  public interface Breaker {
    /** Closes the connection. */
    void close();
  }

  private final Output.Sink sink;
  private final Breaker breaker;
  private volatile boolean late;
  private volatile boolean writing;

  /**
   * Makes the writing side of a connection.
   *
   * @param sink the connection
   * @param breaker closes it
   */
  public Outlet(Output.Sink sink, Breaker breaker) {
    this.sink = sink;
    this.breaker = breaker;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    writing = true;
    try {
      check();
      sink.write(bytes);
    } catch (IOException e) {
      check();
      throw e;
    } finally {
      writing = false;
    }
  }

  private void check() throws SocketTimeoutException {
    if (late) {
      throw new SocketTimeoutException("i/o timeout");
    }
  }

  /** The deadline has passed: this write, if there is one, and all later ones fail. */
  public void expire() {
    late = true;
    if (writing) {
      breaker.close();
    }
  }

  /** There is a new deadline, or none: writes may go on, if none was broken off. */
  public void revive() {
    late = false;
  }
}
