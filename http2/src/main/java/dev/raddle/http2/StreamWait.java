package dev.raddle.http2;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * How one side of a stream of the server waits: until something happens, for its deadline, or until
 * nothing has moved for the server's stall timeout. Guarded by the session's lock.
 */
final class StreamWait {
  private final Condition changed;
  private final long stallNanos; // 0 for none
  private long deadline; // by System.nanoTime; 0 for none, as the next
  private long stalledAt;

  StreamWait(Lock lock, long stallNanos) {
    changed = lock.newCondition();
    this.stallNanos = stallNanos;
  }

  /** A wait that begins now may take its time. */
  void begin() {
    long at = System.nanoTime() + stallNanos;
    stalledAt = stallNanos == 0 ? 0 : at == 0 ? 1 : at;
  }

  void signal() {
    changed.signalAll();
  }

  void setDeadline(long nanoTime) {
    deadline = nanoTime;
    signal();
  }

  boolean isOver() {
    return hasPassed(deadline);
  }

  boolean isStalled() {
    return hasPassed(stalledAt);
  }

  private static boolean hasPassed(long time) {
    return time != 0 && time - System.nanoTime() <= 0;
  }

  /** May return early: what is waited for, and the two times, are looked at again by the caller. */
  @SuppressWarnings("WaitNotInLoop") // the callers are the loops
  void await() throws IOException {
    long now = System.nanoTime();
    long left = deadline == 0 ? Long.MAX_VALUE : deadline - now;
    if (stalledAt != 0) {
      left = Math.min(left, stalledAt - now);
    }
    try {
      if (left == Long.MAX_VALUE) {
        changed.await();
      } else if (changed.awaitNanos(left) <= 0) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("http2: interrupted");
    }
  }
}
