package dev.raddle.internal.util;

import java.time.Duration;
import java.time.Instant;

/** The one place that reads the clocks. */
public final class Clock {
  private Clock() {}

  /** Monotonic nanoseconds; compare by subtraction only. */
  public static long nanoTime() {
    return System.nanoTime();
  }

  /** The time of day, which may jump. */
  public static Instant wallClock() {
    return Instant.now();
  }

  /**
   * The instant {@code delayNanos} from now. Delays are cut at 2^62 ns (146 years) so that instants
   * stay comparable by subtraction.
   */
  public static long after(long delayNanos) {
    return nanoTime() + Math.clamp(delayNanos, 0, Long.MAX_VALUE >> 1);
  }

  /** Nanoseconds of a duration, saturating instead of overflowing. */
  public static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
