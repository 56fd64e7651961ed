package dev.raddle.internal.jdk;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the JDK takes for the scheduler of our virtual threads. A {@link ForkJoinPool} because only
 * then timed parks ask {@link #schedule} and so land in our timers; it never starts a worker.
 *
 * <p>{@link #submit(Runnable)} never rejects and never blocks: a rejected wake-up would lose its
 * thread for ever.
 */
public abstract class SchedulerPool extends ForkJoinPool {
  /** No lambda: if a full heap has no room for the first one, there is never another. */
  private record Invoke(ForkJoinTask<?> task) implements Runnable {
    @Override
    public void run() {
      task.quietlyInvoke();
    }
  }

  /** Makes a pool without workers. */
  protected SchedulerPool() {
    super(1);
  }

  /** A virtual thread can run. Called from any thread, with the continuation pinned if virtual. */
  protected abstract void ready(Runnable task);

  /** A timed park: run {@code command} on a platform thread after the delay. */
  protected abstract ScheduledFuture<?> arm(Runnable command, long delayNanos);

  @Override
  public final void execute(Runnable task) {
    ready(task);
  }

  @Override
  public final ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return arm(command, unit.toNanos(delay));
  }

  @Override
  public final <T> ForkJoinTask<T> externalSubmit(ForkJoinTask<T> task) {
    ready(new Invoke(task));
    return task;
  }

  @Override
  public final <T> ForkJoinTask<T> lazySubmit(ForkJoinTask<T> task) {
    ready(new Invoke(task));
    return task;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
