package dev.raddle.internal.sched;

import dev.raddle.internal.util.Clock;

/**
 * By when a goroutine should have ended.
 *
 * @param at the instant, as {@link Clock#nanoTime}
 * @param sheds whether it is not started any more once that has passed
 */
public record Deadline(long at, boolean sheds) {
  /** {@code nanos} from now. */
  public static Deadline in(long nanos, boolean sheds) {
    return new Deadline(Clock.nanoTime() + nanos, sheds);
  }

  boolean hasPassed() {
    return Clock.nanoTime() - at > 0;
  }

  /** Ends what took {@code g} further than its deadline, or did not. */
  static void ended(G g, Sched sched) {
    Deadline d = g.note().deadline();
    if (d != null && d.hasPassed()) {
      sched.missed.incrementAndGet();
    }
  }

  /** Whether {@code g}, which has not started, is to be dropped. */
  static boolean sheds(G g, Sched sched) {
    Deadline d = g.note().deadline();
    if (d == null || !d.sheds() || !d.hasPassed()) {
      return false;
    }
    sched.shed.incrementAndGet();
    return true;
  }
}
