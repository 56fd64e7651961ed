package dev.raddle.context;

import dev.raddle.internal.util.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instant by both clocks; what decides is the one that nobody sets.
 *
 * @param at time of day
 * @param nanos as of {@link Clock#nanoTime}
 */
record Deadline(Instant at, long nanos) {
  static Deadline in(Duration timeout) {
    long nanos = Clock.after(Clock.nanos(timeout));
    Instant now = Clock.wallClock();
    Instant at;
    try {
      at = now.plus(timeout);
    } catch (DateTimeException | ArithmeticException e) {
      at = timeout.isNegative() ? Instant.MIN : Instant.MAX;
    }
    return new Deadline(at, nanos);
  }

  static Deadline at(Instant at) {
    return new Deadline(at, Clock.after(Clock.nanos(Duration.between(Clock.wallClock(), at))));
  }

  /** That of a context. */
  static @Nullable Deadline of(Context c) {
    Context source = c instanceof ValueCtx v ? v.source : c;
    if (source instanceof CancelCtx own) {
      return own.deadline;
    }
    Instant at = source.deadline();
    if (at == null) {
      return null;
    }
    CancelCtx inner = source.value(CancelCtx.SELF); // which it may only wrap
    Deadline known = inner == null ? null : inner.deadline;
    return known != null && known.at.equals(at) ? known : at(at);
  }

  long left() {
    return nanos - Clock.nanoTime();
  }

  boolean isBefore(Deadline other) {
    return nanos - other.nanos < 0;
  }
}
