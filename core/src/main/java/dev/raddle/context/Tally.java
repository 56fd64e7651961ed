package dev.raddle.context;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * How many are in, with a door that closes, and one thread that waits until nobody is in.
 *
 * Count       count | CLOSED; CLOSED is the sign, so that entering is refused by one look.
 * Ordering    T1  waiter placed, count read  <->  count to 0, waiter taken: one of them sees the other.
 *                 Who takes the waiter out of its place owes it the ready(); a waiter that takes itself
 *                 out waits for nothing.
 */
final class Tally {
  private static final int CLOSED = 1 << 31;

  private final AtomicInteger count = new AtomicInteger();
  private final AtomicReference<@Nullable Idle> place = new AtomicReference<>();

  boolean enter() {
    for (int n; (n = count.get()) >= 0; ) {
      if (count.compareAndSet(n, n + 1)) {
        return true;
      }
    }
    return false;
  }

  void leave() {
    if ((count.decrementAndGet() & ~CLOSED) == 0) {
      Idle waiter = place.getAndSet(null); // T1
      if (waiter != null) {
        waiter.ready();
      }
    }
  }

  void close() {
    count.getAndAccumulate(CLOSED, (n, closed) -> n | closed);
  }

  int count() {
    return count.get() & ~CLOSED;
  }

  /** Waits until nobody is in; one thread at a time. */
  void await(WaitReason reason) throws InterruptedException {
    while (count() > 0) {
      var waiter = new Idle(place);
      place.set(waiter); // T1
      if (count() == 0 && waiter.withdraw()) {
        return;
      }
      waiter.await(reason);
    }
  }

  private static final class Idle extends Waiter {
    private final AtomicReference<@Nullable Idle> place;

    Idle(AtomicReference<@Nullable Idle> place) {
      this.place = place;
    }

    @Override
    protected boolean withdraw() {
      return place.compareAndSet(this, null);
    }
  }
}
