package dev.raddle.runtime;

import dev.raddle.internal.sched.Census;
import dev.raddle.internal.sched.Sched;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts of a scheduler. Nothing is stopped to count: while others run, every number but those of
 * events ({@code reclaimed} and the ones after it) is an estimate, and they are of slightly
 * different instants. Taking them looks at every queue and at every started goroutine, a few
 * nanoseconds each.
 *
 * @param goroutines that exist, started or not
 * @param started goroutines that have begun and not ended
 * @param startedJobs forked jobs that run, or wait, on a stack of their own; those that their
 *     joiners run in place are parts of these
 * @param runnable by class, what is queued to run: goroutines, forked jobs, and threads of the JDK;
 *     under a {@link Policy} what its queues hold counts as {@link Priority#NORMAL}. All 0 on the
 *     JDK's scheduler
 * @param waiting who starts a goroutine and waits for room, see {@link
 *     Scheduler.Builder#waitWhenFull}
 * @param processors GOMAXPROCS
 * @param running Ps that run goroutines or look for some; 0 on the JDK's scheduler
 * @param idle Ps that have nothing to do; 0 on the JDK's scheduler
 * @param threads of the operating system, idle and blocked ones included; 0 on the JDK's scheduler
 * @param reclaimed goroutines that the garbage collector took
 * @param missed goroutines that had not ended by their deadline, those that were shed included
 * @param shed goroutines that were not started because their deadline had passed
 * @param refused goroutines that were not accepted, for {@link Scheduler.Builder#maxGoroutines} or
 *     {@link Scheduler.Builder#maxUnstarted}; what a policy refuses is not among them
 */
public record SchedulerStats(
    long goroutines,
    long started,
    long startedJobs,
    Map<Priority, Long> runnable,
    int waiting,
    int processors,
    int running,
    int idle,
    int threads,
    long reclaimed,
    long missed,
    long shed,
    long refused) {
  /** Copies the map. */
  public SchedulerStats {
    runnable = Map.copyOf(runnable);
  }

  static SchedulerStats of(Sched sched) {
    Census now = sched.census();
    Map<Priority, Long> runnable = new EnumMap<>(Priority.class);
    for (Priority p : Priority.values()) {
      runnable.put(p, now.runnable()[p.ordinal()]);
    }
    return new SchedulerStats(
        sched.live(),
        now.started(),
        now.startedJobs(),
        runnable,
        now.waiting(),
        sched.gomaxprocs(0),
        now.running(),
        now.idle(),
        sched.threadCount(),
        sched.reclaimed(),
        sched.missed(),
        sched.shed(),
        sched.refused());
  }

  /**
   * How many goroutines have not begun.
   *
   * @return the number, an estimate
   */
  public long unstarted() {
    return Math.max(0, goroutines - started);
  }
}
