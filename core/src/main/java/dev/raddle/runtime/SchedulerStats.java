package dev.raddle.runtime;

import dev.raddle.internal.sched.Sched;

/**
 * Counts of a scheduler.
 *
 * @param goroutines that exist, started or not
 * @param processors GOMAXPROCS
 * @param threads of the operating system, idle and blocked ones included; 0 on the JDK's scheduler
 * @param reclaimed goroutines that the garbage collector took
 * @param missed goroutines that had not ended by their deadline, those that were shed included
 * @param shed goroutines that were not started because their deadline had passed
 * @param refused goroutines that were not accepted, for {@link Scheduler.Builder#maxGoroutines}
 */
public record SchedulerStats(
    long goroutines,
    int processors,
    int threads,
    long reclaimed,
    long missed,
    long shed,
    long refused) {
  static SchedulerStats of(Sched sched) {
    return new SchedulerStats(
        sched.live(),
        sched.gomaxprocs(0),
        sched.threadCount(),
        sched.reclaimed(),
        sched.missed(),
        sched.shed(),
        sched.refused());
  }
}
