package bench;

import dev.raddle.sync.WaitGroup;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The benchmarks of Go's runtime, sync and context packages, by their names. In Go it is Go's own
 * test binaries that run; here they are written anew after what those do. An operation is what it
 * is in Go: ChanUncontended and ChanContended are 200 channel operations each.
 */
final class GoBench {
  private static final long TARGET_NANOS = Bench.isWhole() ? 100_000_000 : 2_000_000;
  private static final int ROUNDS = 5;

  /** Keeps {@link #work} alive. */
  static volatile int sink = 1;

  final int procs;
  private long start;

  private GoBench(int procs) {
    this.procs = procs;
  }

  /** A benchmark: does something so many times. */
  interface Timed {
    void run(long n) throws Exception;
  }

  /** The part of one goroutine. */
  interface Part {
    void run(Share share) throws Exception;
  }

  /** What is left of a number of operations, for one of those that share them. */
  static final class Share {
    private final AtomicLong left;
    private final long grain;
    private long mine;

    Share(AtomicLong left, long grain) {
      this.left = left;
      this.grain = grain;
    }

    /** Takes one; false if there is none left. */
    boolean next() {
      if (mine == 0) {
        long before = left.getAndAdd(-grain);
        mine = Math.min(before, grain);
        if (mine <= 0) {
          mine = 0;
          return false;
        }
      }
      mine--;
      return true;
    }
  }

  /** Runs a workload; false if it is none of these. */
  static boolean run(String workload, int procs) throws Exception {
    var bench = new GoBench(procs);
    switch (workload) {
      case "gochan" -> new GoChanBench(bench).run();
      case "gosync" -> new GoSyncBench(bench).run();
      case "gocontext" -> new GoContextBench(bench).run();
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Finds how often it fits a tenth of a second, which warms up, and measures that. */
  void measure(String name, Timed timed) throws Exception {
    long n = 1;
    for (int i = 0; i < 40; i++) {
      long t = time(timed, n);
      if (i > 8 && t > TARGET_NANOS * 0.7) {
        break;
      }
      double factor = Math.min(100, Math.max(0.1, (double) TARGET_NANOS / Math.max(t, 1)));
      n = Math.max(1, (long) (n * factor));
    }
    double[] nanos = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      nanos[i] = (double) time(timed, n) / n;
    }
    Bench.print(name, Bench.median(nanos));
  }

  private long time(Timed timed, long n) throws Exception {
    resetTimer();
    timed.run(n);
    return System.nanoTime() - start;
  }

  /** What was done before does not count. */
  void resetTimer() {
    start = System.nanoTime();
  }

  /** As testing.B's RunParallel: goroutines, so many a P, share the operations. */
  void parallel(String name, int parallelism, Part part) throws Exception {
    measure(name, n -> share(n, parallelism, part));
  }

  void share(long n, int parallelism, Part part) throws Exception {
    var left = new AtomicLong(n);
    var wg = new WaitGroup();
    for (int i = 0; i < procs * parallelism; i++) {
      wg.go(() -> part.run(new Share(left, Math.max(1, Math.min(n / 100, 10_000)))));
    }
    wg.await();
  }

  /** Some work that a compiler cannot drop: a chain of so many steps of a cycle, as Go's is. */
  static void work(int steps) {
    int x = sink;
    for (int i = 0; i < steps; i++) {
      x = Integer.rotateLeft(x, 1);
    }
    if (x == 0) {
      sink = x;
    }
  }
}
