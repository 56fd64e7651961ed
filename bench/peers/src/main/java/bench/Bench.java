package bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * What all rivals on the JVM share: sizes, warm-up, clocks and output. {@code bench/go/main.go}
 * does the same in Go.
 *
 * <p>A process measures one workload, {@code WORKLOAD PROCS}, and prints lines of a metric and its
 * value. It stops by itself, as failed, after {@code LIMIT} seconds.
 *
 * <p>Steady state: a round of the workload is repeated for at least 3 rounds and {@code WARMUP} (2)
 * seconds, but not after three times as long, which are thrown away; the figure is the median of 3
 * more. {@code SCALE} (1 unless set) multiplies sizes and times, for a quick look.
 */
public final class Bench {
  private static final double SCALE = Double.parseDouble(env("SCALE", "1"));
  private static final int WARMUP_ROUNDS = 3;
  private static final long WARMUP_NANOS =
      (long) (1e9 * Double.parseDouble(env("WARMUP", "2")) * Math.min(1, SCALE));

  /** One where times mean nothing. */
  private static final int ROUNDS = SCALE < 0.05 ? 1 : 3;

  private static final OperatingSystemMXBean OS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final long RSS_AT_START = rss();

  private Bench() {}

  /** A workload, once. */
  public interface Round {
    /** Runs it and checks its result. */
    void run() throws Exception;
  }

  /** Gets a time stamp to another thread. */
  public interface Post {
    /** Posts it. */
    void post(long nanoTime) throws Exception;
  }

  /** Starts the time limit. */
  public static void start() {
    long limitSeconds = Long.parseLong(env("LIMIT", "300"));
    Thread.ofPlatform()
        .daemon()
        .name("limit")
        .start(
            () -> {
              long end = System.nanoTime() + limitSeconds * 1_000_000_000;
              while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
              }
              System.err.println("no result after " + limitSeconds + " s");
              Runtime.getRuntime().halt(124);
            });
  }

  /** A size, scaled. */
  public static int scaled(int n) {
    return Math.max(1, (int) (n * SCALE));
  }

  /** Whether sizes are not scaled down; some workloads have a size of their own for that. */
  public static boolean isWhole() {
    return SCALE >= 1;
  }

  /** Prints the most memory that the process has had, in megabytes. */
  public static void printPeak() {
    print("peak_mb", status("VmHWM") / 1e6);
  }

  /** The leaves of {@code skynet}, a power of ten: a million, scaled. */
  public static int leaves() {
    return (int) Math.pow(10, Math.max(1, Math.floor(Math.log10(1e6 * SCALE) + 1e-9)));
  }

  /** The tokens of the workload {@code scale}. */
  public static final int TOKENS = 64;

  /**
   * The sizes of its ring: from a hundred to a million, to ten million if HEAP says there is room.
   */
  public static int[] links() {
    double most = (env("HEAP", "").isEmpty() ? 1e6 : 1e7) * Math.min(1, SCALE);
    return IntStream.of(100, 1000, 10_000, 100_000, 1_000_000, 10_000_000)
        .filter(n -> n == 100 || n <= most)
        .toArray();
  }

  /** How far each of its tokens goes. */
  public static int hops() {
    return scaled(5_000);
  }

  /** How many goroutines the workload {@code parked} or {@code parkedmax} parks. */
  public static int parked(String workload) {
    int millions = workload.equals("parked") ? 1 : Integer.parseInt(env("MILLIONS", "10"));
    return scaled(millions * 1_000_000);
  }

  /** Warms up and prints the nanoseconds, and those of all CPUs, that an operation took. */
  public static void measure(long operations, Round round) throws Exception {
    measure("", operations, WARMUP_NANOS, round);
  }

  /** As {@link #measure(long, Round)} for one of several, whose warm-ups help each other. */
  public static void measure(String suffix, long operations, Round round) throws Exception {
    measure(suffix, operations, WARMUP_NANOS / 2, round);
  }

  private static void measure(String suffix, long operations, long warmUpNanos, Round round)
      throws Exception {
    warmUp(warmUpNanos, round);
    double[] nanos = new double[ROUNDS];
    double[] cpu = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long c = OS.getProcessCpuTime();
      long t = System.nanoTime();
      round.run();
      nanos[i] = (double) (System.nanoTime() - t) / operations;
      cpu[i] = (double) (OS.getProcessCpuTime() - c) / operations;
    }
    print("ns" + suffix, median(nanos));
    print("cpu_ns" + suffix, median(cpu));
  }

  /**
   * Repeats a round until the JIT has done its work: frames of the interpreter take four times the
   * memory.
   */
  public static void warmUp(Round round) throws Exception {
    warmUp(WARMUP_NANOS, round);
  }

  private static void warmUp(long nanos, Round round) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; ; i++) {
      long past = System.nanoTime() - start;
      if (i > 0 && past >= (i < WARMUP_ROUNDS ? 3 * nanos : nanos)) {
        return;
      }
      round.run();
    }
  }

  /** How long sleeper {@code i} of {@code sleepers} sleeps: a second and up to 100 ms more. */
  public static long sleepNanos(int i) {
    return 1_000_000_000L + (i * 7919L % 1000) * 100_000;
  }

  private static long longestSleep(int n) {
    long longest = 0;
    for (int i = 0; i < Math.min(n, 1000); i++) {
      longest = Math.max(longest, sleepNanos(i));
    }
    return longest;
  }

  /** As {@link #measure} for many sleepers: the time over the longest sleep, and the CPU time. */
  public static void measureSleepers(int n, Round round) throws Exception {
    long longest = longestSleep(n);
    warmUp(round);
    double[] over = new double[ROUNDS];
    double[] cpu = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long c = OS.getProcessCpuTime();
      long t = System.nanoTime();
      round.run();
      long over1 = System.nanoTime() - t - longest;
      check(over1 >= 0);
      over[i] = over1 / 1e6;
      cpu[i] = (OS.getProcessCpuTime() - c) / 1e6;
    }
    print("over_ms", median(over));
    print("cpu_ms", median(cpu));
  }

  /** How many timers the workload {@code timers1m} has. */
  public static int timers() {
    return scaled(1_000_000);
  }

  /** When the timer {@code i} of those that are stopped is due: in an hour and some more. */
  public static long timerNanos(int i) {
    return 3_600_000_000_000L + i * 7919L % 1_000_003 * 1000;
  }

  /** Which timer is stopped as number {@code i}: another order, that has all of them. */
  public static int stopped(int i, int n) {
    return (int) ((i * 7919L + 13) % n);
  }

  /** Timers of a rival, for the workload {@code timers1m}. */
  public interface Timers {
    /** Sets timer {@code i}. */
    void set(int i, long nanos, Runnable fires);

    /** Stops it; whether it had not fired. */
    boolean stop(int i);
  }

  /** Sets a million timers and stops them, then sets a million and lets them fire. */
  public static void timers(Timers timers) throws Exception {
    int n = timers();
    double[] set = new double[ROUNDS];
    double[] stop = new double[ROUNDS];
    double[] over = new double[ROUNDS];
    double[] cpu = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) { // one warms up
      int r = Math.max(0, round);
      long t = System.nanoTime();
      for (int i = 0; i < n; i++) {
        timers.set(i, timerNanos(i), () -> check(false));
      }
      set[r] = (double) (System.nanoTime() - t) / n;
      t = System.nanoTime();
      for (int i = 0; i < n; i++) {
        check(timers.stop(stopped(i, n)));
      }
      stop[r] = (double) (System.nanoTime() - t) / n;
      var fired = new CountDownLatch(n);
      long c = OS.getProcessCpuTime();
      long base = System.nanoTime();
      for (int i = 0; i < n; i++) {
        timers.set(i, base + sleepNanos(i) - System.nanoTime(), fired::countDown);
      }
      fired.await();
      long late = System.nanoTime() - base - longestSleep(n);
      check(late >= 0);
      over[r] = late / 1e6;
      cpu[r] = (OS.getProcessCpuTime() - c) / 1e6;
    }
    print("set_ns", median(set));
    print("stop_ns", median(stop));
    print("over_ms", median(over));
    print("cpu_ms", median(cpu));
  }

  /** Memory per goroutine while many are parked; make it before they start. */
  public static final class Memory {
    private final long live = live();

    /** Prints what they took. */
    public void print(int n) {
      Bench.print("live_bytes", (double) (live() - live) / n);
      double resident = (double) (rss() - RSS_AT_START) / n;
      Bench.print("rss_bytes", resident);
      Bench.print("parked_millions", n / 1e6);
      Bench.print("millions_in_20gb", 20e3 / resident);
    }

    private static long live() {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }

  private static long rss() {
    return status("VmRSS");
  }

  /** A line of what Linux tells of this process, in bytes. */
  private static long status(String name) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(name + ":")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      return 0;
    } catch (IOException e) {
      return 0; // not Linux
    }
  }

  /** Ticks of the warm-up. */
  public static final int WARMUP_TICKS = 2_000;

  /** Ticks that are measured. */
  public static final int TICKS = 5_000;

  /** When a 1 ms ticker is due and how late it was. A tick that was skipped counts as late. */
  public static final class Ticker {
    private static final long PERIOD = 1_000_000;
    private final long[] late;
    private final long start = System.nanoTime();
    private int ticks;

    /** Starts it, for so many ticks. */
    public Ticker(int ticks) {
      late = new long[scaled(ticks)];
    }

    /** Until when hogs spin. */
    public long end() {
      return start + late.length * PERIOD;
    }

    /** Nanoseconds until the next tick; never negative. */
    public long delay() {
      return Math.max(0, due() - System.nanoTime());
    }

    /** Notes a tick; false after the last. */
    public boolean tick() {
      long now = System.nanoTime();
      while (ticks < late.length && due() - now <= 0) {
        late[ticks] = now - due();
        ticks++; // not in the index above: due() is that of this tick
      }
      return ticks < late.length;
    }

    /** Spins until the end, without a call at which any scheduler could act. */
    public void hog() {
      while (System.nanoTime() - end() < 0) {
        Thread.onSpinWait();
      }
    }

    /** Prints the percentiles. */
    public void print() {
      check(ticks == late.length && Arrays.stream(late).allMatch(nanos -> nanos >= 0));
      percentiles(late, ticks);
    }

    private long due() {
      return start + (ticks + 1) * PERIOD;
    }
  }

  /**
   * Wakes, from a platform thread, one that waits: often at first to warm up, then out of idleness.
   */
  public static final class WakeUp {
    private static final long IDLE_NANOS = 3_000_000;
    private static final long BUSY_NANOS = 20_000;
    private final int warmUp = scaled(30_000);
    private final long[] late = new long[scaled(1_000)];

    /** How many wake-ups come. */
    public int count() {
      return warmUp + late.length;
    }

    /** Starts the thread that wakes. */
    public void start(Post post) {
      Thread.ofPlatform()
          .daemon()
          .name("waker")
          .start(
              () -> {
                try {
                  for (int i = 0; i < count(); i++) {
                    pause(i < warmUp ? BUSY_NANOS : IDLE_NANOS);
                    post.post(System.nanoTime());
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    private static void pause(long nanos) {
      long end = System.nanoTime() + nanos;
      for (long left; (left = end - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
    }

    /** Notes wake-up {@code i}. */
    public void woken(int i, long posted) {
      long now = System.nanoTime();
      if (i >= warmUp) {
        late[i - warmUp] = now - posted;
      }
    }

    /** Prints the percentiles. */
    public void print() {
      percentiles(late, late.length);
    }
  }

  /** Something that starts a goroutine, thread or task. */
  public interface Starter {
    /** Starts it. */
    void start(Round body) throws Exception;
  }

  /**
   * Goroutines without number that spin for 20 us and yield, and one that should start at once,
   * again and again.
   */
  public static final class Load {
    private static final int SPINNERS = 64;
    private static final long SPIN_NANOS = 20_000;
    private final AtomicBoolean stop = new AtomicBoolean();

    /** Starts the spinners, so many a P. */
    public Load(int procs, Starter low, Runnable yield) throws Exception {
      for (int i = 0; i < SPINNERS * procs; i++) {
        low.start(
            () -> {
              while (!stop.get()) {
                long end = System.nanoTime() + SPIN_NANOS;
                while (System.nanoTime() - end < 0) {
                  Thread.onSpinWait();
                }
                yield.run();
              }
            });
      }
    }

    /** Starts from a platform thread what should not wait, and prints how long it waited. */
    public void measure(Starter high) throws Exception {
      var wakeUp = new WakeUp();
      var next = new AtomicInteger();
      var done = new CountDownLatch(wakeUp.count());
      wakeUp.start(
          posted ->
              high.start(
                  () -> {
                    wakeUp.woken(next.getAndIncrement(), posted);
                    done.countDown();
                  }));
      done.await();
      stop.set(true);
      wakeUp.print();
    }
  }

  static void percentiles(long[] nanos, int n) {
    Arrays.sort(nanos, 0, n);
    print("p50_us", nanos[n / 2] / 1e3);
    print("p99_us", nanos[(int) (n * 0.99)] / 1e3);
    print("p999_us", nanos[(int) (n * 0.999)] / 1e3);
    print("max_us", nanos[n - 1] / 1e3);
  }

  /** The sum of 0 to {@code n - 1}, which a tree of leaves must give. */
  public static long sum(long n) {
    return n * (n - 1) / 2;
  }

  /** The forks of {@code fib(20)}. */
  public static final int FIB_FORKS = 10_945;

  /** What it returns. */
  public static final int FIB_20 = 6765;

  /** Fails unless the result is right. */
  public static void check(boolean ok) {
    if (!ok) {
      throw new IllegalStateException("wrong result");
    }
  }

  /** Says that a rival has no such thing; the driver leaves its cell empty. */
  public static void notApplicable() {
    System.out.println("none 0");
  }

  static void print(String metric, double value) {
    System.out.println(String.format(Locale.ROOT, "%s %.1f", metric, value));
  }

  static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  static double cpuSeconds() {
    return OS.getProcessCpuTime() / 1e9;
  }

  private static String env(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
