package bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;

/**
 * What the workload {@code gcpause} shares: allocation without end beside a ticker, and how long
 * the JVM stood still meanwhile, from its own log of safepoints.
 */
final class Pauses {
  /** Ticks of a millisecond. */
  static final int TICKS = 10_000;

  /** How many allocate. */
  static final int ALLOCATORS = 2;

  /** 90 % of what the allocators are to allocate. */
  private static final double LEAST_MB_PER_SECOND = 360;

  private static final int CHUNK_BYTES = 1000;
  private static final int CHUNKS_A_MILLISECOND = 200;
  private static final int KEPT_CHUNKS = 25_000;
  private static final Pattern TOTAL = Pattern.compile("Total:\\s+(\\d+) ns");

  private final LongAdder allocated = new LongAdder();
  private volatile boolean stop;

  /**
   * Allocates 200 KB each millisecond, also those of which a pause has made it miss, and keeps the
   * last 25 MB, until the end.
   */
  void allocate() throws InterruptedException {
    byte[][] kept = new byte[KEPT_CHUNKS][];
    long due = System.nanoTime();
    for (int next = 0; !stop; due += 1_000_000) {
      for (int i = 0; i < CHUNKS_A_MILLISECOND; i++) {
        kept[next] = new byte[CHUNK_BYTES];
        next = (next + 1) % KEPT_CHUNKS;
      }
      allocated.add(CHUNK_BYTES * CHUNKS_A_MILLISECOND);
      long left = due + 1_000_000 - System.nanoTime();
      if (left > 0) {
        Thread.sleep(Duration.ofNanos(left));
      }
    }
  }

  /** Runs the ticker, ends the allocation, and prints what stood still and what it cost. */
  void measure(Bench.Round ticks) throws Exception {
    Path log = Files.createTempFile("safepoints", ".log");
    try {
      vmLog("output=" + log, "what=safepoint=info");
      double cpu = Bench.cpuSeconds();
      long before = allocated.sum();
      long start = System.nanoTime();
      ticks.run();
      double mbPerSecond = (allocated.sum() - before) * 1e3 / (System.nanoTime() - start);
      Bench.print("cpu_s", Bench.cpuSeconds() - cpu);
      Bench.print("alloc_mb_s", mbPerSecond);
      if (Bench.isWhole() && mbPerSecond < LEAST_MB_PER_SECOND) {
        throw new IllegalStateException(
            "expected " + LEAST_MB_PER_SECOND + " MB allocated a second, found " + mbPerSecond);
      }
      vmLog("disable");
      print(log);
    } finally {
      stop = true;
      Files.delete(log);
    }
  }

  /** How long the JVM stood still while something ran. */
  static double nanos(Bench.Round round) throws Exception {
    Path log = Files.createTempFile("safepoints", ".log");
    try {
      vmLog("output=" + log, "what=safepoint=info");
      round.run();
      vmLog("disable");
      return TOTAL
          .matcher(Files.readString(log))
          .results()
          .mapToDouble(m -> Double.parseDouble(m.group(1)))
          .sum();
    } finally {
      Files.delete(log);
    }
  }

  private static void print(Path log) throws IOException {
    Matcher m = TOTAL.matcher(Files.readString(log));
    int count = 0;
    double sum = 0;
    double longest = 0;
    while (m.find()) {
      double nanos = Double.parseDouble(m.group(1));
      count++;
      sum += nanos;
      longest = Math.max(longest, nanos);
    }
    Bench.print("pauses", count);
    Bench.print("pause_ms", sum / 1e6);
    Bench.print("pause_max_us", longest / 1e3);
  }

  private static void vmLog(String... arguments) throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "vmLog",
            new Object[] {arguments},
            new String[] {String[].class.getName()});
  }
}
