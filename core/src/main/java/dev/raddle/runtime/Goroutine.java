package dev.raddle.runtime;

import dev.raddle.internal.sched.Classes;
import dev.raddle.internal.sched.Deadline;
import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is known of one goroutine. */
public final class Goroutine {
  private final G g;

  /** What runs it, for a policy; null elsewhere. */
  final @Nullable Runnable task;

  Goroutine(G g) {
    this(g, null);
  }

  Goroutine(G g, @Nullable Runnable task) {
    this.g = g;
    this.task = task;
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
   * The class that it runs in now, which may be inherited; see {@link Priority}.
   *
   * @return the class
   */
  public Priority priority() {
    return Priority.values()[g.priority()];
  }

  /**
   * Gives it another class, also while it is queued: then every P, when it next picks, moves what
   * it has queued to where it belongs, so a change costs as much as is queued. Without effect on
   * the JDK's scheduler.
   *
   * @param priority the class
   */
  public void setPriority(Priority priority) {
    Classes.set(g, priority.ordinal());
  }

  /**
   * By when it should have ended, as {@link System#nanoTime}; see {@link GoOptions#withDeadline}.
   *
   * @return empty when it has no deadline
   */
  public OptionalLong deadline() {
    Deadline d = g.note().deadline();
    return d == null ? OptionalLong.empty() : OptionalLong.of(d.at());
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
   * The number of the goroutine that made it.
   *
   * @return 0 when a plain thread made it
   */
  public long parentId() {
    return g.parent();
  }

  /**
   * Its labels.
   *
   * @return what {@link GoOptions#labels} said
   */
  public Map<String, String> labels() {
    return g.note().labels();
  }

  /**
   * Where it was made: the first frame of the program. Recorded with {@code
   * -Draddle.creationSites=true} only, because it costs microseconds for each goroutine.
   *
   * @return null when it is not recorded
   */
  public @Nullable StackTraceElement creationSite() {
    return g.note().site();
  }

  /**
   * Interrupts it, and no other: what it waits for ends with an {@link InterruptedException}, or it
   * finds its interrupt status set. That of a captured {@code Thread} may come late and hit the
   * goroutine that the thread runs next. Never blocks; costs as much as {@link Thread#interrupt}.
   *
   * @return false, and nothing done, when it has not started yet or has ended
   */
  public boolean interrupt() {
    return g.interrupt();
  }

  /**
   * What it does now; late while it runs.
   *
   * @return the state
   */
  public State state() {
    WaitReason reason = g.waitReason();
    Thread t = g.thread();
    if (t == null) {
      return reason == WaitReason.ENDED ? State.ENDED : State.RUNNABLE;
    }
    return switch (t.getState()) {
      case NEW, RUNNABLE -> reason == null ? State.RUNNING : State.WAITING;
      case BLOCKED, WAITING, TIMED_WAITING -> State.WAITING;
      case TERMINATED -> State.ENDED;
    };
  }

  /** What a goroutine does. */
  public enum State {
    /** It has not started yet. */
    RUNNABLE,
    /** It runs, or waits only for its turn. */
    RUNNING,
    /** It is parked, or waits for a monitor. */
    WAITING,
    /** It has ended. */
    ENDED
  }

  /**
   * What it waits for, in Go's words, such as "chan receive".
   *
   * @return null when it runs, can run, or is parked by code that is not Raddle's
   */
  public @Nullable String waitReason() {
    WaitReason reason = g.waitReason();
    return reason == null || reason == WaitReason.ENDED ? null : reason.toString();
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
