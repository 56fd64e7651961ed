package bench.harness;

import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What moved between two results beyond the spread: where no fork of one is within the other. */
final class Compare {
  private static final int ENOUGH_FORKS = 3;

  private Compare() {}

  /** Lines to print, one for each metric that moved, and what could not be said. */
  static List<String> lines(Results before, Results after) {
    List<String> lines = new ArrayList<>();
    int same = 0;
    int few = 0;
    for (Workload w : Workloads.all()) {
      for (int procs : w.procs()) {
        for (String rival : w.rivals()) {
          for (Metric m : w.metrics()) {
            double[] a = before.values(w.name(), procs, rival, m.name());
            double[] b = after.values(w.name(), procs, rival, m.name());
            if (a.length == 0 || b.length == 0) {
              continue;
            }
            if (Math.min(a.length, b.length) < ENOUGH_FORKS) {
              few++;
            } else if (Spread.of(a).isApart(Spread.of(b))) {
              lines.add(line(w, procs, rival, m, Spread.of(a), Spread.of(b)));
            } else {
              same++;
            }
          }
          long more = after.bad(w.name(), procs, rival) - before.bad(w.name(), procs, rival);
          if (more > 0) {
            lines.add(
                "worse: %s, %d P, %s: %d more failed".formatted(w.name(), procs, rival, more));
          }
        }
      }
    }
    lines.add(same + " within the spread");
    if (few > 0) {
      lines.add(few + " with fewer than " + ENOUGH_FORKS + " forks, of which nothing can be said");
    }
    return lines;
  }

  private static String line(
      Workload w, int procs, String rival, Metric m, Spread before, Spread after) {
    boolean better = m.moreIsBetter() == after.median() > before.median();
    return String.format(
        Locale.ROOT,
        "%s: %s, %d P, %s: %s, now %s %s (%+.0f %%)",
        better ? "better" : "worse",
        w.name(),
        procs,
        rival,
        before,
        after,
        m.unit(),
        (after.median() / before.median() - 1) * 100);
  }
}
