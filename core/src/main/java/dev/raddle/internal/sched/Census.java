package dev.raddle.internal.sched;

/**
 * What a scheduler has at about one moment: read without stopping anybody, so every number is an
 * estimate while others run.
 *
 * @param runnable by class, what is queued: goroutines, forked jobs, and threads of the JDK
 * @param started goroutines that have a stack
 * @param startedJobs forked jobs that have one of their own
 * @param running Ps with a right to run that an M holds; not those that were handed off
 * @param idle Ps with a right to run that no M holds
 * @param waiting spawners that wait for a place under the limits
 */
public record Census(
    long[] runnable, long started, long startedJobs, int running, int idle, int waiting) {
  static Census of(ProcSched sched) {
    long[] runnable = new long[G.CLASSES];
    int running = 0;
    int idle = 0;
    for (P p : sched.procs.all()) {
      p.countRunnable(runnable);
      int status = p.status();
      running += status == P.RUNNING ? 1 : 0;
      idle += status == P.IDLE ? 1 : 0;
    }
    for (int c = 0; c < G.CLASSES; c++) {
      runnable[c] += sched.global.size(c);
    }
    Limits limits = sched.limits;
    return new Census(
        runnable,
        sched.registry.count(true),
        sched.registry.count(false),
        running,
        idle,
        limits == null ? 0 : limits.waiting());
  }
}
