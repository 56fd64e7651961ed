package dev.raddle;

import dev.raddle.internal.chan.TimerChan;
import dev.raddle.internal.util.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A channel that gives a value after every period, made by {@link Go#newTicker}. It behaves as a
 * ticker of Go 1.23 or later: it drops the ticks that a slow receiver misses, and the rest keep
 * their phase. Any thread may use it, any number at the same time; no method blocks. It needs no
 * thread, and no stop: once neither it nor its channel is referenced it is garbage.
 *
 * @see <a href="https://pkg.go.dev/time#Ticker">Go: time.Ticker</a>
 */
public final class Ticker {
  private final TimerChan timer;
  private final RecvChan<Instant> c;

  Ticker(long periodNanos) {
    timer = new TimerChan(periodNanos, periodNanos);
    c = Chan.of(timer).recvOnly();
  }

  static long positive(Duration period, String who) {
    long nanos = Clock.nanos(period);
    if (nanos <= 0) {
      throw new IllegalArgumentException("non-positive interval for " + who + ": found " + period);
    }
    return nanos;
  }

  /**
   * The channel that gives the ticks: unbuffered, never closed. A tick is the time of day at which
   * it became due, however late it is received; each goes to one receiver.
   *
   * @return always the same channel
   */
  public RecvChan<Instant> c() {
    return c;
  }

  /** Stops the ticks. After the return none is received until a reset; receivers go on waiting. */
  public void stop() {
    timer.stop();
  }

  /**
   * Starts anew with another period, stopped or not. After the return no tick of before is
   * received; the next is due one period from now.
   *
   * @param period between the ticks; values above 146 years are cut
   * @throws IllegalArgumentException if the period is zero or negative
   */
  public void reset(Duration period) {
    long nanos = positive(period, "Ticker.Reset");
    timer.reset(nanos, nanos);
  }
}
