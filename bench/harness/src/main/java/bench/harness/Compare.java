package bench.harness;

import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What moved between two results: beyond the spread, which is where no fork of one is within the
 * other, and by 5 % at least.
 */
final class Compare {
  /** Three forks that are apart happen by chance in one of ten cases; five in one of 126. */
  private static final int ENOUGH_FORKS = 3;

  private static final int GOOD_FORKS = 5;
  private static final double LEAST = 0.05;

  private final List<String> lines = new ArrayList<>();
  private boolean worse;

  /** Compares the second with the first. */
  Compare(Results before, Results after) {
    String different = before.difference(after, Results.MUST_BE_SAME);
    if (!different.isEmpty()) {
      lines.add("warning: not of one machine and settings: " + different);
    }
    int same = 0;
    int few = 0;
    int scarce = 0;
    for (Workload w : Workloads.all()) {
      for (int procs : w.procs()) {
        for (String rival : w.rivals()) {
          for (Metric m : w.metrics()) {
            double[] a = before.values(w.name(), procs, rival, m.name());
            double[] b = after.values(w.name(), procs, rival, m.name());
            if (a.length == 0 || b.length == 0 || !m.compared()) {
              continue;
            }
            int forks = Math.min(a.length, b.length);
            if (forks < ENOUGH_FORKS) {
              few++;
            } else if (hasMoved(Spread.of(a), Spread.of(b))) {
              lines.add(line(w, procs, rival, m, Spread.of(a), Spread.of(b)));
            } else {
              same++;
            }
            scarce += forks >= ENOUGH_FORKS && forks < GOOD_FORKS ? 1 : 0;
          }
          long more = after.bad(w.name(), procs, rival) - before.bad(w.name(), procs, rival);
          if (more > 0) {
            worse = true;
            lines.add(
                "worse: %s, %d P, %s: %d more ended badly (%s)"
                    .formatted(w.name(), procs, rival, more, after.badly(w.name(), procs, rival)));
          }
        }
      }
    }
    lines.add(same + " within the spread, or 5 %");
    if (few > 0) {
      lines.add(few + " with fewer than " + ENOUGH_FORKS + " forks, of which nothing can be said");
    }
    if (scarce > 0) {
      lines.add(scarce + " with fewer than " + GOOD_FORKS + " forks, of which some move by chance");
    }
  }

  /** One for each metric that moved, and what could not be said. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Whether anything moved for the worse. */
  boolean isWorse() {
    return worse;
  }

  private static boolean hasMoved(Spread a, Spread b) {
    return a.isApart(b) && Math.abs(b.median() - a.median()) >= LEAST * Math.abs(a.median());
  }

  private String line(Workload w, int procs, String rival, Metric m, Spread before, Spread after) {
    boolean better = m.moreIsBetter() == after.median() > before.median();
    worse |= !better;
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
