package dev.raddle.internal.sched;

import dev.raddle.internal.util.SpinLock;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/*
 * At most so many at a time: goroutines of a scheduler, or those of them that have not started.
 *
 * Full        Whoever comes is refused, or waits; who leaves then passes its place on, so that the
 *             ones who wait are served in the order in which they came.
 * Guarded     By the lock that it is.
 */
/** A bound on goroutines. */
final class Limit extends SpinLock {
  private final String what;
  private final int max;
  private final boolean waits;
  private final ArrayDeque<Place> waiting = new ArrayDeque<>();
  private int count;
  private long refused;

  private static final class Place extends Waiter {
    @Override
    protected boolean withdraw() {
      return false; // an interrupt does not end the wait: it is kept
    }
  }

  /** {@code what} is for messages. */
  Limit(String what, int max, boolean waits) {
    this.what = what;
    this.max = max;
    this.waits = waits;
  }

  /**
   * Takes a place.
   *
   * @throws RejectedExecutionException if there is none, and nobody waits for one
   */
  void enter() {
    if (tryEnter()) {
      return;
    }
    if (!waits) {
      throw new RejectedExecutionException(
          what + ": expected at most " + max + ", found as many and one more");
    }
    Place me = queue();
    if (me != null) {
      try {
        me.await(WaitReason.LIMIT);
      } catch (InterruptedException e) {
        throw new AssertionError("a wait that cannot be withdrawn was", e);
      }
    }
  }

  private boolean tryEnter() {
    lock();
    boolean room = count < max;
    count += room ? 1 : 0;
    refused += room || waits ? 0 : 1;
    unlock();
    return room;
  }

  private @Nullable Place queue() {
    Place me = new Place();
    lock();
    try {
      if (count < max) {
        count++;
        return null;
      }
      waiting.add(me);
      return me;
    } finally {
      unlock();
    }
  }

  /** Takes a place also if there is none. */
  void force() {
    lock();
    count++;
    unlock();
  }

  /** Gives a place back. */
  void leave() {
    lock();
    Place next = count <= max ? waiting.poll() : null;
    count -= next == null ? 1 : 0;
    unlock();
    if (next != null) {
      next.ready();
    }
  }

  /** How many wait for a place. */
  int waiting() {
    lock();
    int n = waiting.size();
    unlock();
    return n;
  }

  long refused() {
    lock();
    long n = refused;
    unlock();
    return n;
  }
}
