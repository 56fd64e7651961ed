package bench.harness;

import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The design's table of what is to be reached, as ratios of medians, beside what was measured. A
 * row of that table is made of one or several metrics; each that misses its aim needs a note on
 * what was tried.
 */
final class Targets {
  private static final List<String> CHANNEL_PEERS = List.of("vthreads", "kotlin", "jox", "ltq");
  private static final List<String> SERVER_PEERS = List.of("helidon", "netty", "vertx");

  /** The rows of the design's table by a name for the notes. */
  private static final Map<String, String> ROWS = new LinkedHashMap<>();

  /**
   * A metric of a row.
   *
   * @param go the ratio to Go to reach; NaN for none
   * @param peers of whom the best counts
   * @param jvm the ratio to it to reach; NaN for none
   */
  private record Target(
      String row, String workload, String metric, double go, List<String> peers, double jvm) {}

  private static final List<Target> ALL = new ArrayList<>();

  static {
    ROWS.put("spawn", "spawn and finish, a million");
    add("spawn", "spawn", "ns", 0.3, List.of("vthreads"), 0.5);
    ROWS.put("forkjoin", "fork-join fib, nqueens, skynet");
    for (String w : List.of("forkjoin", "fib", "queens", "skynet")) {
      add("forkjoin", w, "ns", 0.2, List.of("fjp"), 1.2);
    }
    ROWS.put("pingpong", "unbuffered ping-pong, 1 P and many P");
    add("pingpong", "pingpong", "ns", 1.0, List.of("vthreads", "kotlin", "jox"), 0.5);
    ROWS.put("buffered", "buffered producer-consumer, 1:1 and N:M");
    for (String w : List.of("chan11", "channm")) {
      for (int capacity : List.of(16, 100, 1000)) {
        add("buffered", w, "ns_" + capacity, 0.8, CHANNEL_PEERS, 0.7);
      }
    }
    ROWS.put("select", "select over 2 and 8 channels");
    add("select", "select", "ns_2", 1.0, List.of("kotlin", "jox"), 0.5);
    add("select", "select", "ns_8", 1.0, List.of("kotlin", "jox"), 0.5);
    ROWS.put("memory", "memory of a parked goroutine");
    add("memory", "parked", "live_bytes", 0.25, List.of("vthreads"), 0.9);
    ROWS.put("sleepers", "a million sleeping goroutines: start, fire, cancel");
    add("sleepers", "sleepers", "over_ms", 0.8, List.of("vthreads", "kotlin"), 0.5);
    add("sleepers", "sleepers", "cpu_ms", 0.8, List.of("vthreads", "kotlin"), 0.5);
    for (String metric : List.of("set_ns", "stop_ns", "over_ms", "cpu_ms")) {
      add("sleepers", "timers1m", metric, 0.8, List.of("vthreads"), 0.5);
    }
    add("sleepers", "timers", "ns", 0.8, List.of("vthreads"), 0.5);
    ROWS.put("ticker", "1 ms ticker beside 4 x GOMAXPROCS spinning goroutines, p99 lateness");
    add("ticker", "ticker", "p99_us", 1.5, List.of(), Double.NaN);
    ROWS.put("http", "HTTP hello: throughput at 64 and 1,000 connections");
    add("http", "hello", "per_s", 0.75, List.of("netty"), 1.1);
    add("http", "hello1000", "per_s", 0.75, List.of("netty"), 1.1);
    add("http", "hello", "cpu_us", 0.8, List.of(), Double.NaN);
    ROWS.put("paced", "HTTP p99 at 50 % and 70 % of Go's peak, open loop");
    add("paced", "paced", "p99_50_us", 1.0, SERVER_PEERS, 1.0);
    add("paced", "paced", "p99_70_us", 1.0, SERVER_PEERS, 1.0);
  }

  private final Results results;
  private final List<String> missed = new ArrayList<>();
  private final StringBuilder table = new StringBuilder();

  /** Compares results with the aims. */
  Targets(Results results) {
    this.results = results;
    table.append("| work | P | to Go | aim | | to the best JVM peer | aim | |\n");
    table.append("|---|---|---|---|---|---|---|---|\n");
    ROWS.forEach(this::section);
  }

  /** The names of the rows. */
  static List<String> rows() {
    return List.copyOf(ROWS.keySet());
  }

  /** A row of the design for people. */
  static String title(String row) {
    return ROWS.getOrDefault(row, row);
  }

  /** The rows of which some metric misses its aim. */
  List<String> missed() {
    return List.copyOf(missed);
  }

  /** As a table in Markdown, with every row of the design. */
  String markdown() {
    return table.toString();
  }

  private void section(String row, String title) {
    table.append("| **").append(title).append("** | | | | | | | |\n");
    for (Target t : ALL) {
      if (t.row.equals(row)) {
        Workload w = Workloads.named(List.of(t.workload)).getLast();
        List<Integer> procs =
            w.procs().stream().filter(p -> !Double.isNaN(median(t, p, "raddle"))).toList();
        procs.forEach(p -> line(t, w, p));
        if (procs.isEmpty()) {
          String unit = metric(t, w).unit();
          table.append("| ").append(w.title()).append(", ").append(unit);
          table.append(" | | not measured | | | | | |\n");
        }
      }
    }
  }

  private void line(Target t, Workload w, int procs) {
    Metric m = metric(t, w);
    double mine = median(t, procs, "raddle");
    String best = "";
    double peer = Double.NaN;
    for (String rival : t.peers) {
      double theirs = median(t, procs, rival);
      if (!Double.isNaN(theirs)
          && (Double.isNaN(peer) || (m.moreIsBetter() ? theirs > peer : theirs < peer))) {
        peer = theirs;
        best = ", " + Rivals.title(rival);
      }
    }
    table.append("| ").append(w.title()).append(", ").append(m.unit());
    table.append(" | ").append(procs);
    cells(t, ratio(m, mine, median(t, procs, "go")), t.go, "");
    cells(t, ratio(m, mine, peer), t.jvm, best);
    table.append(" |\n");
  }

  private static Metric metric(Target t, Workload w) {
    return w.metrics().stream().filter(x -> x.name().equals(t.metric)).findFirst().orElseThrow();
  }

  private double median(Target t, int procs, String rival) {
    double[] values = results.values(t.workload, procs, rival, t.metric);
    return values.length == 0 ? Double.NaN : Spread.of(values).median();
  }

  /** Below 1 is better for us. */
  private static double ratio(Metric m, double mine, double other) {
    return m.moreIsBetter() ? other / mine : mine / other;
  }

  private void cells(Target t, double ratio, double aim, String of) {
    if (Double.isNaN(aim)) {
      table.append(" | | | ");
    } else if (Double.isNaN(ratio)) {
      table.append(" | – | ").append(number(aim)).append(" | not measured");
    } else {
      table.append(" | ").append(number(ratio)).append(of).append(" | ").append(number(aim));
      table.append(" | ");
      if (ratio <= aim) {
        table.append("reached");
      } else {
        table.append("**missed** by ").append(percent(ratio / aim - 1));
        if (!missed.contains(t.row)) {
          missed.add(t.row);
        }
      }
    }
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, "%.2f", x);
  }

  private static String percent(double x) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * x);
  }

  private static void add(
      String row, String workload, String metric, double go, List<String> peers, double jvm) {
    ALL.add(new Target(row, workload, metric, go, peers, jvm));
  }
}
