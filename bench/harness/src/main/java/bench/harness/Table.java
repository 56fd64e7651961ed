package bench.harness;

import bench.harness.Results.Run;
import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The results as a table: a row for each workload, number of Ps and metric; a column for each
 * rival; then our ratio to Go, and to the best on the JVM. Below 1 is better for Raddle.
 */
final class Table {
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final List<String> HEAD = List.of("work", "P");

  private final Results results;
  private final boolean colour;
  private final List<String> rivals;

  /** Of the rivals that have results. */
  Table(Results results, boolean colour) {
    this(
        results, colour, r -> results.runs().stream().anyMatch(run -> run.key().rival().equals(r)));
  }

  private Table(Results results, boolean colour, Predicate<String> shown) {
    this.results = results;
    this.colour = colour;
    this.rivals = Rivals.names().stream().filter(shown).toList();
  }

  /** For a terminal. */
  String text() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(head());
    Workloads.all().forEach(w -> rows.addAll(rows(w)));
    int[] width = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < width.length; i++) {
        String cell = row.get(i);
        String space = " ".repeat(width[i] - cell.length());
        boolean ratio = i >= width.length - 2 && row != rows.getFirst();
        out.append(i == 0 ? cell + space : space + (ratio ? painted(cell) : cell));
        out.append(i + 1 < width.length ? "  " : "\n");
      }
    }
    return out.toString();
  }

  /**
   * The rows of a workload as a table in Markdown, with the rivals that have it; empty for none.
   */
  String markdown(Workload w) {
    Table narrow = new Table(results, false, r -> hasAny(w, r));
    List<List<String>> rows = narrow.rows(w);
    if (rows.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder(line(narrow.head()));
    out.append("|---".repeat(narrow.head().size())).append("|\n");
    rows.forEach(row -> out.append(line(row)));
    return out.toString();
  }

  private boolean hasAny(Workload w, String rival) {
    return results.runs().stream()
        .anyMatch(
            r ->
                r.key().workload().equals(w.name())
                    && r.key().rival().equals(rival)
                    && r.status() != Results.Status.NONE);
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private List<String> head() {
    List<String> head = new ArrayList<>(HEAD);
    rivals.forEach(r -> head.add(Rivals.title(r)));
    head.add("to Go");
    head.add("to the best on the JVM");
    return head;
  }

  private List<List<String>> rows(Workload w) {
    List<List<String>> rows = new ArrayList<>();
    for (int procs : results.procs(w)) {
      for (Metric m : w.metrics()) {
        if (m.equals(w.main()) ? isTried(w, procs) : hasAny(w, procs, m)) {
          rows.add(row(w, procs, m));
        }
      }
      if (isTried(w, procs)) {
        rows.add(processes(w, procs));
      }
    }
    return rows;
  }

  private boolean isTried(Workload w, int procs) {
    return results.runs().stream()
        .anyMatch(r -> r.key().workload().equals(w.name()) && r.key().procs() == procs);
  }

  private boolean hasAny(Workload w, int procs, Metric m) {
    return rivals.stream().anyMatch(r -> results.values(w.name(), procs, r, m.name()).length > 0);
  }

  private List<String> row(Workload w, int procs, Metric m) {
    List<String> row = new ArrayList<>();
    row.add(w.title() + ", " + m.unit());
    row.add(Integer.toString(procs));
    double best = Double.NaN;
    double go = Double.NaN;
    double mine = Double.NaN;
    for (String rival : rivals) {
      double[] values = results.values(w.name(), procs, rival, m.name());
      String failed = results.badly(w.name(), procs, rival);
      if (values.length == 0) {
        row.add(failed.isEmpty() ? "–" : failed);
        continue;
      }
      Spread spread = Spread.of(values);
      row.add(spread + (failed.isEmpty() ? "" : "; " + failed));
      double median = spread.median();
      switch (rival) {
        case "raddle" -> mine = median;
        case "go" -> go = median;
        default -> {
          if (Rivals.isPeer(rival) && (Double.isNaN(best) || isBetter(m, median, best))) {
            best = median;
          }
        }
      }
    }
    row.add(m.compared() ? ratio(m, mine, go) : "");
    row.add(m.compared() ? ratio(m, mine, best) : "");
    return row;
  }

  /** Wall time, CPU time and memory of the processes, warm-up and all: medians of the forks. */
  private List<String> processes(Workload w, int procs) {
    List<String> row = new ArrayList<>();
    row.add(w.title() + ", the process: s, CPU s, peak MB");
    row.add(Integer.toString(procs));
    for (String rival : rivals) {
      List<Run> good =
          results.forks(w.name(), procs, rival).stream()
              .filter(r -> r.status() == Results.Status.OK)
              .toList();
      row.add(
          good.isEmpty()
              ? "–"
              : median(good, Run::seconds)
                  + ", "
                  + median(good, Run::cpuSeconds)
                  + ", "
                  + median(good, r -> r.peakBytes() / 1e6));
    }
    row.add("");
    row.add("");
    return row;
  }

  private static String median(List<Run> runs, ToDoubleFunction<Run> of) {
    return Spread.number(Spread.of(runs.stream().mapToDouble(of).toArray()).median());
  }

  private static boolean isBetter(Metric m, double a, double b) {
    return m.moreIsBetter() ? a > b : a < b;
  }

  private static String ratio(Metric m, double mine, double other) {
    double above = m.moreIsBetter() ? other : mine;
    double below = m.moreIsBetter() ? mine : other;
    return Double.isNaN(above) || Double.isNaN(below) || below <= 0
        ? "–"
        : String.format(Locale.ROOT, "%.2f", above / below);
  }

  private String painted(String ratio) {
    if (!colour || ratio.isEmpty() || ratio.equals("–") || ratio.equals("1.00")) {
      return ratio;
    }
    return (Double.parseDouble(ratio) < 1 ? GREEN : RED) + ratio + PLAIN;
  }
}
