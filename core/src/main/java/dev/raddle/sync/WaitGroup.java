package dev.raddle.sync;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a number of goroutines to finish: Go's {@code sync.WaitGroup}. What happened before a
 * {@link #done} happens-before the return of the {@link #await} that it ends.
 */
public final class WaitGroup {
  private final AtomicInteger count = new AtomicInteger();
  private final List<Waiter> waiters = new ArrayList<>(); // guarded by itself

  /** Makes a group that waits for nothing. */
  public WaitGroup() {}

  /**
   * Adds to the counter.
   *
   * @param delta may be negative
   * @throws IllegalStateException if the counter becomes negative; it is left as it was
   */
  public void add(int delta) {
    int now;
    for (; ; ) {
      int before = count.get();
      now = before + delta;
      if (now < 0) {
        throw new IllegalStateException(
            "sync: negative WaitGroup counter: expected at least " + -delta + ", found " + before);
      }
      if (count.compareAndSet(before, now)) {
        break;
      }
    }
    if (now == 0 && delta != 0) {
      wake();
    }
  }

  /**
   * One goroutine has finished.
   *
   * @throws IllegalStateException if more have finished than were added
   */
  public void done() {
    add(-1);
  }

  private void wake() {
    List<Waiter> all;
    synchronized (waiters) {
      if (waiters.isEmpty()) {
        return;
      }
      all = new ArrayList<>(waiters);
      waiters.clear();
    }
    all.forEach(Waiter::ready);
  }

  /**
   * Starts a goroutine that this group waits for, on the current scheduler.
   *
   * @param body what it runs; it counts as finished however it ends, after an uncaught throwable
   *     was reported
   */
  public void go(Body body) {
    spawn(Scheduler.current(), null, body);
  }

  /**
   * As {@link #go(Body)}, with options.
   *
   * @param options how
   * @param body what it runs
   */
  public void go(GoOptions options, Body body) {
    spawn(Scheduler.current(), options, body);
  }

  /**
   * As {@link #go(Body)}, on a given scheduler.
   *
   * @param scheduler where
   * @param body what it runs
   */
  public void go(Scheduler scheduler, Body body) {
    spawn(scheduler, null, body);
  }

  private void spawn(Scheduler scheduler, @Nullable GoOptions options, Body body) {
    Objects.requireNonNull(body, "go of nil func value");
    add(1);
    boolean started = false;
    try {
      scheduler.go(options == null ? GoOptions.none() : options, body, this::done);
      started = true;
    } finally {
      if (!started) {
        done();
      }
    }
  }

  /**
   * Waits until the counter is zero.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public void await() throws InterruptedException {
    if (count.get() == 0) {
      return;
    }
    var waiter = new Awaiter(waiters);
    synchronized (waiters) {
      waiters.add(waiter);
    }
    if (count.get() == 0) {
      wake(); // the last done() may have missed this waiter
    }
    waiter.await(WaitReason.WAIT_GROUP);
  }

  private static final class Awaiter extends Waiter {
    private final List<Waiter> waiters;

    Awaiter(List<Waiter> waiters) {
      this.waiters = waiters;
    }

    @Override
    protected boolean withdraw() {
      synchronized (waiters) {
        return waiters.remove(this);
      }
    }
  }

  @Override
  public String toString() {
    return "WaitGroup counter=" + count.get();
  }
}
