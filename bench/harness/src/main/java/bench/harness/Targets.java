package bench.harness;

import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the design wants to reach, as ratios of medians, beside what was measured. */
final class Targets {
  private static final List<String> CHANNEL_PEERS = List.of("vthreads", "kotlin", "jox", "ltq");

  /**
   * A line of the design's table for one workload.
   *
   * @param go the ratio to Go to reach; NaN for none
   * @param peers of whom the best counts
   * @param jvm the ratio to it to reach; NaN for none
   */
  private record Target(
      String workload, String metric, double go, List<String> peers, double jvm) {}

  private static final List<Target> ALL = new ArrayList<>();

  static {
    add("spawn", "ns", 0.3, List.of("vthreads"), 0.5);
    for (String w : List.of("forkjoin", "fib", "queens", "skynet")) {
      add(w, "ns", 0.2, List.of("fjp"), 1.2);
    }
    add("pingpong", "ns", 1.0, CHANNEL_PEERS, 0.5);
    for (String w : List.of("chan11", "channm")) {
      for (int capacity : List.of(16, 100, 1000)) {
        add(w, "ns_" + capacity, 0.8, CHANNEL_PEERS, 0.7);
      }
    }
    add("select", "ns_2", 1.0, List.of("kotlin", "jox"), 0.5);
    add("select", "ns_8", 1.0, List.of("kotlin", "jox"), 0.5);
    add("parked", "live_bytes", 0.25, List.of("vthreads"), 0.9);
    add("sleepers", "over_ms", 0.8, List.of("vthreads", "kotlin"), 0.5);
    add("sleepers", "cpu_ms", 0.8, List.of("vthreads", "kotlin"), 0.5);
    add("timers", "ns", 0.8, List.of("vthreads"), 0.5);
    add("ticker", "p99_us", 1.5, List.of(), Double.NaN);
    add("hello", "per_s", 0.75, List.of("netty"), 1.1);
    add("hello1000", "per_s", 0.75, List.of("netty"), 1.1);
  }

  private Targets() {}

  /** As a table in Markdown; rows without results of ours are left out. */
  static String markdown(Results results) {
    StringBuilder out = new StringBuilder();
    out.append("| work | P | to Go | aim | | to the best JVM peer | aim | |\n");
    out.append("|---|---|---|---|---|---|---|---|\n");
    for (Target t : ALL) {
      for (Workload w : Workloads.all()) {
        if (w.name().equals(t.workload)) {
          w.procs().forEach(p -> row(out, results, t, w, p));
        }
      }
    }
    return out.toString();
  }

  private static void row(StringBuilder out, Results results, Target t, Workload w, int procs) {
    Metric m =
        w.metrics().stream().filter(x -> x.name().equals(t.metric)).findFirst().orElseThrow();
    double mine = median(results, t, procs, "raddle");
    if (Double.isNaN(mine)) {
      return;
    }
    String best = "";
    double peer = Double.NaN;
    for (String rival : t.peers) {
      double theirs = median(results, t, procs, rival);
      if (!Double.isNaN(theirs)
          && (Double.isNaN(peer) || (m.moreIsBetter() ? theirs > peer : theirs < peer))) {
        peer = theirs;
        best = ", " + Rivals.title(rival);
      }
    }
    out.append("| ").append(w.title()).append(", ").append(m.unit());
    out.append(" | ").append(procs);
    cells(out, ratio(m, mine, median(results, t, procs, "go")), t.go, "");
    cells(out, ratio(m, mine, peer), t.jvm, best);
    out.append(" |\n");
  }

  private static double median(Results results, Target t, int procs, String rival) {
    double[] values = results.values(t.workload, procs, rival, t.metric);
    return values.length == 0 ? Double.NaN : Spread.of(values).median();
  }

  /** Below 1 is better for us. */
  private static double ratio(Metric m, double mine, double other) {
    return m.moreIsBetter() ? other / mine : mine / other;
  }

  private static void cells(StringBuilder out, double ratio, double aim, String of) {
    if (Double.isNaN(aim)) {
      out.append(" | | | ");
    } else if (Double.isNaN(ratio)) {
      out.append(" | – | ").append(number(aim)).append(" | not measured");
    } else {
      out.append(" | ").append(number(ratio)).append(of).append(" | ").append(number(aim));
      out.append(" | ");
      out.append(ratio <= aim ? "reached" : "**missed** by " + percent(ratio / aim - 1));
    }
  }

  private static String number(double x) {
    return String.format(Locale.ROOT, "%.2f", x);
  }

  private static String percent(double x) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * x);
  }

  private static void add(String workload, String metric, double go, List<String> peers, double j) {
    ALL.add(new Target(workload, metric, go, peers, j));
  }
}
