package dev.raddle;

import dev.raddle.internal.chan.TimerChan;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happens once, after a time: a value on a channel ({@link Go#newTimer}) or the run
 * of a body ({@link Go#afterFunc}). It behaves as a timer of Go 1.23 or later. Any thread may use
 * it, any number at the same time; no method blocks. It needs no thread, and as a channel no stop:
 * once neither it nor its channel is referenced it is garbage.
 *
 * @see <a href="https://pkg.go.dev/time#Timer">Go: time.Timer</a>
 */
public abstract sealed class Timer permits Timer.OfChan, AfterFunc {
  Timer() {}

  /**
   * The channel that gives the value: unbuffered, and nothing is ever sent to a receiver that does
   * not ask. The value is the time of day at which the timer became due, however late it is
   * received. After the value, and while the timer is stopped, a receive waits.
   *
   * @return always the same channel; the nil channel for {@link Go#afterFunc}
   */
  public abstract RecvChan<Instant> c();

  /**
   * Stops the timer. After the return no value is received and no body starts until a reset; a body
   * that has started goes on, and is not waited for.
   *
   * @return whether this call stopped it: false when its value was received or its body started, or
   *     it was stopped before
   */
  public abstract boolean stop();

  /**
   * Starts the timer anew, whether it is due, stopped or neither. After the return no value of
   * before is received. A body that has started goes on, and may so run beside its next run.
   *
   * @param delay from now; zero or negative: at once
   * @return whether the timer had still been active, as of {@link #stop}
   */
  public abstract boolean reset(Duration delay);

  static final class OfChan extends Timer {
    private final TimerChan timer;
    private final RecvChan<Instant> c;

    OfChan(long delayNanos) {
      timer = new TimerChan(delayNanos, 0);
      c = Chan.of(timer).recvOnly();
    }

    @Override
    public RecvChan<Instant> c() {
      return c;
    }

    @Override
    public boolean stop() {
      return timer.stop();
    }

    @Override
    public boolean reset(Duration delay) {
      return timer.reset(Clock.nanos(delay), 0);
    }
  }
}
