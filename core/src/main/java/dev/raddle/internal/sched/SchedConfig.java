package dev.raddle.internal.sched;

import java.util.Arrays;

/**
 * Settings of a {@link ProcSched}.
 *
 * @param name in thread names and dumps
 * @param processors number of Ps, 1 to {@link #MAX_PROCESSORS}
 * @param cpus the CPUs that its threads may use; empty for all
 * @param queueCapacity slots of a local run queue, a power of two up to {@link RunQueue#CAPACITY}
 * @param reuseThreads whether a virtual thread goes on with the next unstarted goroutine
 */
public record SchedConfig(
    String name, int processors, int[] cpus, int queueCapacity, boolean reuseThreads) {
  /** More Ps than any machine has CPUs; bounds tables that are scanned. */
  public static final int MAX_PROCESSORS = 1024;

  /** Slots of a local run queue: Go's value. */
  public static final int QUEUE_CAPACITY = RunQueue.CAPACITY;

  /** CPUs that the process may use (affinity and cgroup quota included), read once at start. */
  private static final int CPUS = Runtime.getRuntime().availableProcessors();

  @Override
  public String toString() {
    return name + " processors=" + processors + " cpus=" + Arrays.toString(cpus);
  }

  static SchedConfig ofDefault() {
    return new SchedConfig("default", defaultProcessors(), new int[0], RunQueue.CAPACITY, reuse());
  }

  /** One P for each CPU that the process may use, unless the environment says GOMAXPROCS. */
  public static int defaultProcessors() {
    String asked = System.getenv("GOMAXPROCS");
    int n = CPUS;
    if (asked != null) {
      try {
        int k = Integer.parseInt(asked.strip());
        n = k > 0 ? k : n;
      } catch (NumberFormatException e) {
        System.getLogger("dev.raddle")
            .log(
                System.Logger.Level.WARNING,
                "GOMAXPROCS: expected a positive number, found \"" + asked + "\"; using " + CPUS);
      }
    }
    return Math.min(n, MAX_PROCESSORS);
  }

  /** {@code -Draddle.reuseThreads=false}: one virtual thread for each goroutine. */
  public static boolean reuse() {
    return !"false".equals(System.getProperty("raddle.reuseThreads"));
  }
}
