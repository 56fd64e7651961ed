package dev.raddle.job;

import dev.raddle.internal.sched.Goexit;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.sync.WaitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Counts jobs that have not ended; others wait until there are none. It is what the job systems of
 * games are built around: kick off some jobs on a counter, do something else, wait for zero. The
 * waiter parks and its P goes on with other work. After zero the counter may be used again.
 *
 * <p>It differs from {@link WaitGroup} in that it keeps the failures of its jobs, and from {@link
 * JobScope} in that it owns nothing: a failure cancels nobody, and anyone may wait.
 */
public final class JobCounter {
  private final WaitGroup group = new WaitGroup();
  private final List<Throwable> failures = new ArrayList<>(0); // guarded by itself

  /** Makes a counter at zero. */
  public JobCounter() {}

  /**
   * Counts up or down, for work that is no job of its own.
   *
   * @param delta may be negative
   * @throws IllegalStateException if the counter would become negative; it stays as it is
   */
  public void add(int delta) {
    group.add(delta);
  }

  /**
   * Counts one down.
   *
   * @throws IllegalStateException if the counter is zero
   */
  public void done() {
    group.done();
  }

  /**
   * Starts a goroutine on the current scheduler, counted until it has ended. What it throws is kept
   * for {@link #await}.
   *
   * @param body what it does; may block
   * @throws IllegalStateException if the scheduler is closed
   */
  public void go(Body body) {
    go(GoOptions.none(), body);
  }

  /**
   * As {@link #go(Body)}, with a name and a class.
   *
   * @param options of the goroutine
   * @param body what it does; may block
   * @throws IllegalStateException if the scheduler is closed
   */
  public void go(GoOptions options, Body body) {
    Objects.requireNonNull(body, "body");
    group.go(options, () -> run(body));
  }

  private void run(Body body) {
    try {
      body.run();
    } catch (Goexit e) {
      throw e;
    } catch (Throwable t) {
      synchronized (failures) {
        failures.add(t);
      }
    }
  }

  /**
   * Waits until the counter is zero. The failures of jobs since the last such wait are thrown,
   * once.
   *
   * @throws InterruptedException if interrupted while waiting
   * @throws JobFailedException if jobs failed: the first in time is the cause, others suppressed
   */
  public void await() throws InterruptedException {
    group.await();
    List<Throwable> all;
    synchronized (failures) {
      if (failures.isEmpty()) {
        return;
      }
      all = new ArrayList<>(failures);
      failures.clear();
    }
    var e = new JobFailedException(all.getFirst());
    all.stream().filter(t -> t != e.getCause()).forEach(e::addSuppressed);
    throw e;
  }

  @Override
  public String toString() {
    return "JobCounter " + group;
  }
}
