package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Cpus;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link ProcSched}.
 *
 * @param name in thread names and dumps
 * @param processors number of Ps, 1 to {@link #MAX_PROCESSORS}
 * @param places the CPUs that the i-th of those that run may use: the sets are used by turns; empty
 *     for all
 * @param queueCapacity slots of a local run queue, a power of two up to {@link RunQueue#CAPACITY}
 * @param searchRounds how often an M without work looks at every other P before it parks; 0: as
 *     many as pay on the CPUs there are, see {@link #rounds}
 * @param reuseThreads whether a virtual thread goes on with the next unstarted goroutine
 * @param bounds how much it accepts
 * @param policy in which order goroutines run; null for the default
 * @param follows asked once a second how many Ps there should be, until somebody sets the number;
 *     null for never
 */
public record SchedConfig(
    String name,
    int processors,
    int[][] places,
    int queueCapacity,
    int searchRounds,
    boolean reuseThreads,
    Bounds bounds,
    @Nullable RunPolicy policy,
    @Nullable IntSupplier follows) {
  /**
   * Limits of a scheduler.
   *
   * @param threads how many it may have at the same time, idle and blocked ones included
   * @param goroutines how many it accepts at the same time; 0: any number
   * @param unstarted how many may wait for their first run at the same time; 0: any number
   * @param waits whether a spawner waits when there are as many; else it is refused
   */
  public record Bounds(int threads, int goroutines, int unstarted, boolean waits) {}

  /** More Ps with a right to run than any machine has CPUs. */
  public static final int MAX_PROCESSORS = 1024;

  /** Slots of a local run queue: Go's value. */
  public static final int QUEUE_CAPACITY = RunQueue.CAPACITY;

  /** Threads of one scheduler: Go's value. */
  public static final int MAX_THREADS = 10_000;

  private static final int SEARCH_ROUNDS = 4;

  private static final @Nullable Integer ASKED = asked();

  /** Without limits on goroutines, and without a policy. */
  SchedConfig(
      String name,
      int processors,
      int[] cpus,
      int queueCapacity,
      int searchRounds,
      int maxThreads,
      boolean reuseThreads,
      @Nullable IntSupplier follows) {
    this(
        name,
        processors,
        cpus.length == 0 ? new int[0][] : new int[][] {cpus},
        queueCapacity,
        searchRounds,
        reuseThreads,
        new Bounds(maxThreads, 0, 0, false),
        null,
        follows);
  }

  /** With a fixed number of Ps. */
  public SchedConfig(
      String name, int processors, int[] cpus, int queueCapacity, boolean reuseThreads) {
    this(name, processors, cpus, queueCapacity, 0, MAX_THREADS, reuseThreads, null);
  }

  @Override
  public String toString() {
    return name + " processors=" + processors + " places=" + Arrays.deepToString(places);
  }

  static SchedConfig ofDefault() {
    return new SchedConfig(
        "default",
        defaultProcessors(),
        new int[0],
        RunQueue.CAPACITY,
        0,
        Math.max(1, Integer.getInteger("raddle.maxThreads", MAX_THREADS)),
        reuse(),
        ASKED == null ? SchedConfig::unasked : null);
  }

  /** As the environment's GOMAXPROCS says, else one P for each CPU that the process may use. */
  public static int defaultProcessors() {
    return ASKED == null ? unasked() : ASKED;
  }

  /**
   * How often to look for work before a park, with {@code procs} Ps now. With one P there is nobody
   * to take from, and with fewer CPUs than Ps whoever could make work waits for the CPU of the one
   * that looks: once, then. With two, whoever looks takes what the other would run next itself:
   * once, and then late (Finder), which halves the time of a select over two channels. Else four
   * times, Go's value; more gained nothing and cost ping-pong a fifth.
   */
  int rounds(int procs) {
    if (searchRounds > 0) {
      return searchRounds;
    }
    int mine = places.length == 0 ? available() : cpus();
    return procs <= 2 || procs > mine ? 1 : SEARCH_ROUNDS;
  }

  /** How many CPUs there are in all places. */
  private int cpus() {
    return (int) Arrays.stream(places).flatMapToInt(Arrays::stream).distinct().count();
  }

  /** Where whoever has that right to run does so, see {@link Slot}; null for anywhere. */
  int @Nullable [] place(int slot) {
    return places.length == 0 ? null : places[slot % places.length];
  }

  /** How many Ps there are unless somebody says so: one for each CPU, see {@link CpuQuota}. */
  private static int unasked() {
    return CpuQuota.OF_PROCESS.processors(available());
  }

  /** CPUs that the process may use now, affinity and cgroup quota (rounded up) included. */
  static int available() {
    return Math.min(Cpus.count(), MAX_PROCESSORS);
  }

  private static @Nullable Integer asked() {
    String asked = System.getenv("GOMAXPROCS");
    if (asked == null) {
      return null;
    }
    try {
      int n = Integer.parseInt(asked.strip());
      return n > 0 ? Math.min(n, MAX_PROCESSORS) : null;
    } catch (NumberFormatException e) {
      System.getLogger("dev.raddle")
          .log(
              System.Logger.Level.WARNING,
              "GOMAXPROCS: expected a positive number, found \""
                  + asked
                  + "\"; using "
                  + unasked());
      return null;
    }
  }

  /**
   * {@code -Draddle.reuseThreads=false}: one virtual thread for each goroutine, for programs that
   * keep the {@code Thread} of a goroutine beyond its end, to interrupt it, or leave locks of the
   * JDK locked: otherwise that reaches the goroutine which the thread runs next.
   */
  public static boolean reuse() {
    return !"false".equals(System.getProperty("raddle.reuseThreads"));
  }
}
