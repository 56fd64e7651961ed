package dev.raddle.http.internal;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/*
 * The writing side of a connection, for one writer at a time, with a deadline. A write that waits
 * when the deadline passes is ended by closing the connection, which it could not be used for any
 * more: nobody knows how much of the response has been sent.
 *
 * Late        Whoever asks looks at the clock: a call of expire() that comes when the deadline has
 *             been moved or taken away, perhaps because the next request is there, does nothing.
 * Ordering    O1  write: writing = true, then the clock is read  <->  expire: the clock is past the
 *             deadline, then writing is read. A write that expire does not see is late itself.
 * Cost        Without a deadline, none but its volatile read.
 * Checked by  OutletTest; ServerLifeTest.deadlinesOfARequestEndWithIt.
 */
public final class Outlet implements Output.Sink {
  /** What is done to a write that cannot end. */
  @FunctionalInterface
  public interface Breaker {
    /** Closes the connection. */
    void close();
  }

  /** Another way to write. */
  @FunctionalInterface
  public interface Action {
    /**
     * Writes, waiting until all has been taken.
     *
     * @return how much
     * @throws IOException if the connection is broken
     */
    long run() throws IOException;
  }

  private final Output.Sink sink;
  private final Breaker breaker;
  private volatile long deadlineNanos; // by System.nanoTime; 0 for none
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

  /**
   * Writes in another way, under the same deadline.
   *
   * @param action what writes
   * @return what it returns
   * @throws IOException as it does, or at the deadline
   */
  public long run(Action action) throws IOException {
    writing = true;
    try {
      check();
      return action.run();
    } catch (IOException e) {
      check();
      throw e;
    } finally {
      writing = false;
    }
  }

  private void check() throws SocketTimeoutException {
    if (isLate()) {
      throw new SocketTimeoutException("i/o timeout");
    }
  }

  private boolean isLate() {
    long deadline = deadlineNanos;
    return deadline != 0 && deadline - System.nanoTime() <= 0;
  }

  /** To be called when the deadline has passed: ends the write that waits, if there is one. */
  public void expire() {
    if (writing && isLate()) { // O1
      breaker.close();
    }
  }

  /**
   * Sets until when can be written. Writes may go on after an earlier deadline, if none was broken
   * off by it.
   *
   * @param nanoTime as System.nanoTime; 0 for no limit
   */
  public void setDeadline(long nanoTime) {
    deadlineNanos = nanoTime;
  }
}
