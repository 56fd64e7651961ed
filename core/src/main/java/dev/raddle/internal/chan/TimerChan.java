package dev.raddle.internal.chan;

import dev.raddle.internal.sched.Alarm;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/*
 * The channel of a timer or ticker. Nothing is ever sent on it: whoever looks when a value is due
 * makes the value, and takes it.
 *
 * Guarded     armed, when, period, alarm: by the channel's lock, as all of Hchan.
 * In a heap   only while somebody waits for the channel, as in Go 1.23. So a timer that nobody
 *             references is garbage though it was never stopped; a select in a loop with an after()
 *             leaves nothing behind; and a timer whose channel is polled costs no heap work. The
 *             other way, a weak reference from the heap, keeps an entry until it is due and gives
 *             the collector work.
 * Invariants  I1  no value is stored, so stop and reset leave no stale one, and len is 0
 *             I2  alarm != null: it is in a heap or about to enter one. With armed and somebody
 *                 waiting, alarm is set to `when` as soon as nobody is between its change and its
 *                 settle(); without, there is none
 *             I3  an alarm that is not `alarm` does nothing when it fires
 * FIFO        A newcomer takes a value that is due only if nobody waits; else the alarm, which is
 *             due too, serves the first in line.
 * Phase       The next tick is due at a multiple of the period after the first; what was missed is
 *             dropped, so a slow receiver gets the oldest tick that it missed, then the next one.
 * Firing      A scheduler thread must not wait for a channel's lock: a goroutine holds it while a
 *             select waits for the lock of another channel, and may need this very thread to go on.
 *             So the alarm only tries, and comes again after RETRY_NANOS.
 * Sources     Go runtime/time.go (maybeRunChan, blockTimerChan).
 */
/** A channel that has a value from an instant on, once or periodically. */
public non-sealed class TimerChan extends Hchan {
  private static final long RETRY_NANOS = 20_000;

  /** Whether a value is due, or will be. */
  private boolean armed;

  private long when;

  /** Zero: once. */
  private long period;

  private @Nullable Alarm alarm;

  /**
   * Makes the channel, armed.
   *
   * @param delayNanos from now to the first value; zero or negative: now
   * @param periodNanos between the values; zero for one value only
   */
  public TimerChan(long delayNanos, long periodNanos) {
    super(0);
    when = Clock.after(delayNanos);
    period = limited(periodNanos);
    armed = true;
  }

  /**
   * Disarms it. No value is received after the return.
   *
   * @return whether it was armed: no value had been received since it was armed, or it is periodic
   */
  public boolean stop() {
    lock();
    boolean was = armed;
    armed = false;
    unlock();
    settle();
    return was;
  }

  /**
   * Arms it anew; parameters as of the constructor. No value of before is received after the
   * return.
   *
   * @return as {@link #stop}
   */
  public boolean reset(long delayNanos, long periodNanos) {
    long due = Clock.after(delayNanos);
    lock();
    boolean was = armed;
    when = due;
    period = limited(periodNanos);
    armed = true;
    unlock();
    settle();
    return was;
  }

  /** Keeps {@link #when} comparable by subtraction. */
  private static long limited(long periodNanos) {
    return Math.min(periodNanos, Long.MAX_VALUE >> 1);
  }

  @Override
  @Nullable Object dueLocked() {
    if (!armed || !receivers.isEmpty()) {
      return null;
    }
    long now = Clock.nanoTime();
    return when - now <= 0 ? takeLocked(now) : null;
  }

  @Override
  boolean recvLooksReady() {
    return super.recvLooksReady() || (armed && when - Clock.nanoTime() <= 0);
  }

  /** An armed timer may have become due, which only the lock can tell. */
  @Override
  boolean recvBlocks() {
    return false;
  }

  @Override
  int availableLocked() {
    return armed ? 1 : 0;
  }

  /** The value that is due at {@code now}: the instant when it became due. */
  private Instant takeLocked(long now) {
    Instant value = Clock.wallClock().minusNanos(now - when);
    advance(now);
    return value;
  }

  private void advance(long now) {
    if (period == 0) {
      armed = false;
    } else {
      when = next(now);
    }
  }

  private long next(long now) {
    return when + period * (1 + (now - when) / period);
  }

  @Override
  void receiversChanged() {
    settle();
  }

  /** Brings the heap in line with the state (I2). Under no lock. */
  private void settle() {
    lock();
    Alarm old = alarm;
    boolean wanted = armed && !receivers.isEmpty();
    if (old == null ? !wanted : wanted && old.when() == when) {
      unlock();
      return;
    }
    Alarm fresh;
    try {
      fresh = wanted ? new Wake(when) : null;
    } catch (OutOfMemoryError full) { // a receiver is queued already, and must be served
      unlock();
      Memory.pause(full);
      settle();
      return;
    }
    alarm = fresh;
    unlock();
    if (old != null) {
      old.drop();
    }
    if (fresh != null) {
      setFully(fresh);
    }
  }

  /**
   * Puts {@code a} into a heap, however long memory is short: {@link #alarm} says that it is there
   * (I2), and a receiver waits for it. Takes no lock of a channel.
   */
  private void setFully(Alarm a) {
    for (; ; ) {
      try {
        set(a);
        return;
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      }
    }
  }

  /** Tests make it fail. */
  void set(Alarm a) {
    a.set(Sched.current());
  }

  private void fired(Alarm by) {
    if (!tryLock()) {
      Sched.current().addTimer(new Retry(by));
      return;
    }
    if (alarm != by) { // I3
      unlock();
      return;
    }
    long now = Clock.nanoTime();
    boolean due = armed && when - now <= 0;
    Instant value;
    Alarm next;
    try {
      value = due ? Clock.wallClock().minusNanos(now - when) : null;
      next = due && period == 0 ? null : new Wake(due ? next(now) : when);
    } catch (OutOfMemoryError full) { // nothing has changed yet
      unlock();
      throw full;
    }
    Sudog receiver = due ? receivers.take() : null;
    if (receiver != null) {
      receiver.elem = value;
      advance(now);
    }
    Alarm fresh = armed && !receivers.isEmpty() ? next : null;
    alarm = fresh;
    unlock();
    if (receiver != null) {
      receiver.waiter().ready();
    }
    if (fresh != null) {
      setFully(fresh);
    }
  }

  @Override
  public String toString() {
    return "timer " + super.toString();
  }

  private final class Wake extends Alarm {
    Wake(long when) {
      super(when);
    }

    @Override
    protected void fire() {
      fired(this);
    }
  }

  private final class Retry extends Timer {
    private final Alarm of;

    Retry(Alarm of) {
      super(Clock.after(RETRY_NANOS));
      this.of = of;
    }

    @Override
    protected void fire() {
      fired(of);
    }
  }
}
