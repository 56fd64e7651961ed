package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.SchedulerPool;
import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.Clock;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the JDK submits to: runnable threads go to our queues, timed parks to our timers. */
class JdkPool extends SchedulerPool {
  private final ProcSched sched;

  JdkPool(ProcSched sched) {
    this.sched = sched;
  }

  @Override
  protected void ready(Runnable task) {
    sched.resume(task);
  }

  @Override
  protected ScheduledFuture<?> arm(Runnable command, long delayNanos) {
    var t = new TimedPark(command, Clock.after(delayNanos));
    sched.addTimer(t);
    return t;
  }

  /** A timed park of the JDK. */
  private static final class TimedPark extends Timer implements ScheduledFuture<Object> {
    private final Runnable command;
    private volatile boolean cancelled;

    TimedPark(Runnable command, long when) {
      super(when);
      this.command = command;
    }

    @Override
    protected void fire() {
      command.run();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      cancelled = cancel();
      return cancelled;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isDone() {
      return cancelled || when() - Clock.nanoTime() <= 0;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(when() - Clock.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public @Nullable Object get() {
      return null; // the JDK only cancels
    }

    @Override
    public @Nullable Object get(long timeout, TimeUnit unit) {
      return null; // the JDK only cancels
    }
  }
}
