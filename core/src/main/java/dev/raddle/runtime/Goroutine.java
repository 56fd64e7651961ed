package dev.raddle.runtime;

import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import org.jspecify.annotations.Nullable;

/** What is known of one goroutine. */
public final class Goroutine {
  private final G g;

  Goroutine(G g) {
    this.g = g;
  }

  /**
   * The current goroutine.
   *
   * @return null on any other thread
   */
  public static @Nullable Goroutine current() {
    G g = Sched.currentG();
    return g == null ? null : new Goroutine(g);
  }

  /**
   * Its number, used once in this process; {@code main} is 1.
   *
   * @return the number
   */
  public long id() {
    return g.id();
  }

  /**
   * Its name.
   *
   * @return null when it has none
   */
  public @Nullable String name() {
    return g.name();
  }

  /**
   * Its class.
   *
   * @return the class
   */
  public Priority priority() {
    return Priority.values()[g.priority()];
  }

  /**
   * Its scheduler.
   *
   * @return the scheduler
   */
  public Scheduler scheduler() {
    return new Scheduler(g.scheduler());
  }

  /**
   * What it waits for, in Go's words, such as "chan receive".
   *
   * @return null when it runs, can run, or is parked by code that is not Raddle's
   */
  public @Nullable String waitReason() {
    WaitReason reason = g.waitReason();
    return reason == null ? null : reason.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Goroutine o && o.g == g;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(g.id());
  }

  @Override
  public String toString() {
    return g.toString();
  }
}
