package dev.raddle;

import dev.raddle.internal.sched.Alarm;
import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import dev.raddle.runtime.Body;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * A timer that starts a goroutine. It is in a heap from its start to its call: unlike a channel it
 * must be kept though nobody references it.
 *
 * States      pending null -> alarm     // reset
 *             pending alarm -> null     // fired or stopped: the CAS decides who prevented whom
 *             pending alarm -> alarm'   // reset; the old one does nothing when it fires
 * Closing     A spawn fails while the scheduler closes and is still the default one. The call then
 *             waits in the heap, which the next default scheduler inherits.
 */
final class AfterFunc extends Timer {
  private static final long RETRY_NANOS = 100_000;

  private final Sched sched = Sched.current();
  private final Body body;
  private final AtomicReference<@Nullable Alarm> pending = new AtomicReference<>();

  AfterFunc(long delayNanos, Body body) {
    this.body = Objects.requireNonNull(body, "afterFunc of nil func value");
    restart(delayNanos);
  }

  private boolean restart(long delayNanos) {
    var fresh = new Call(Clock.after(delayNanos));
    Alarm old = pending.getAndSet(fresh);
    if (old != null) {
      old.drop();
    }
    fresh.set(sched);
    return old != null;
  }

  @Override
  public RecvChan<Instant> c() {
    return Chan.<Instant>nil().recvOnly();
  }

  @Override
  public boolean stop() {
    Alarm old = pending.getAndSet(null);
    if (old != null) {
      old.drop();
    }
    return old != null;
  }

  @Override
  public boolean reset(Duration delay) {
    return restart(Clock.nanos(delay));
  }

  private void start() {
    for (; ; ) {
      try {
        Sched.current().spawn(new Run(body));
        return;
      } catch (OutOfMemoryError full) { // the call must not be lost
        Memory.pause(full);
      } catch (IllegalStateException closing) {
        new Late(Clock.after(RETRY_NANOS)).set(sched);
        return;
      }
    }
  }

  private final class Call extends Alarm {
    Call(long when) {
      super(when);
    }

    @Override
    protected void fire() {
      if (pending.compareAndSet(this, null)) {
        start();
      }
    }
  }

  /** A call that could not start when it was due; it can no longer be stopped. */
  private final class Late extends Alarm {
    Late(long when) {
      super(when);
    }

    @Override
    protected void fire() {
      start();
    }
  }

  private static final class Run extends G {
    private final Body body;

    Run(Body body) {
      this.body = body;
    }

    @Override
    protected void body() throws Exception {
      body.run();
    }
  }
}
