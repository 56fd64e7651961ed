package bench.harness;

import bench.harness.Workload.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The main figure of a workload as bars, one for each rival and number of Ps, with the spread of
 * the forks. Plain SVG with a style sheet for light and dark; a chart library would draw by AWT,
 * which needs fonts that servers do not have.
 */
final class Plot {
  private static final int LETTER = 7; // the mean of the labels' letters, amply
  private static final int RIGHT = 150; // for the numbers
  private static final int BAR = 16;
  private static final int STEP = 22;
  private static final int TOP = 34;
  private static final double FULL = 400;

  /** Bars longer than so many times the median of all are cut, and say so. */
  private static final double CUT = 8;

  private static final String STYLE =
      """
      <style>
      text { font: 12px system-ui, sans-serif; fill: #24292f }
      .title { font-weight: 600 }
      .bar { fill: #8c959f } .ours { fill: #1a7f37 } .whisker { stroke: #24292f; stroke-width: 1.5 }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .bar { fill: #6e7681 } .ours { fill: #3fb950 } .whisker { stroke: #e6edf3 }
      }
      </style>
      """;

  private record Bar(String label, boolean ours, Spread spread) {}

  private final Workload workload;
  private final List<Bar> bars = new ArrayList<>();

  /** Of what the results have of a workload. */
  Plot(Results results, Workload workload) {
    this.workload = workload;
    for (int procs : results.procs(workload)) {
      for (String rival : Rivals.names()) {
        double[] values = results.values(workload.name(), procs, rival, workload.main().name());
        if (values.length > 0) {
          String label = Rivals.title(rival) + ", " + procs + " P";
          bars.add(new Bar(label, rival.startsWith("raddle"), Spread.of(values)));
        }
      }
    }
  }

  /** Whether there is anything to compare. */
  boolean isWorthwhile() {
    return bars.size() > 1;
  }

  /** The drawing. */
  String svg() {
    Metric m = workload.main();
    int height = TOP + STEP * bars.size() + 8;
    int left = 10 + LETTER * bars.stream().mapToInt(b -> b.label.length()).max().orElse(0);
    int width = left + (int) FULL + RIGHT;
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " viewBox=\"0 0 %d %d\" role=\"img\">%n",
            width,
            height,
            width,
            height));
    out.append(STYLE);
    String better = m.moreIsBetter() ? "more is better" : "less is better";
    String title = workload.title() + ", " + m.unit() + " (" + better + ")";
    out.append("<title>").append(Svg.escaped(title)).append("</title>\n");
    Svg.text(out, "title", 0, 16, "start", title);
    double most = most();
    for (int i = 0; i < bars.size(); i++) {
      bar(out, bars.get(i), left, TOP + STEP * i, most);
    }
    return out.append("</svg>\n").toString();
  }

  private double most() {
    double[] medians = bars.stream().mapToDouble(b -> b.spread.median()).toArray();
    double max = bars.stream().mapToDouble(b -> b.spread.max()).max().orElse(1);
    double cut = CUT * Spread.of(medians).median();
    return cut > 0 ? Math.min(max, cut) : Math.max(max, 1e-9);
  }

  private static void bar(StringBuilder out, Bar bar, int left, int y, double most) {
    Spread s = bar.spread;
    double length = FULL * Math.min(1, Math.max(0, s.median() / most));
    Svg.text(out, "", left - 8, y + 12, "end", bar.label);
    out.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"bar%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
            bar.ours ? " ours" : "",
            left,
            y,
            Math.max(1, length),
            BAR));
    double end = left + length;
    boolean isCut = s.median() > most;
    if (s.forks() > 1 && !isCut) {
      double from = left + FULL * Math.min(1, s.min() / most);
      double to = left + FULL * Math.min(1, s.max() / most);
      int middle = y + BAR / 2;
      out.append(
          String.format(
              Locale.ROOT,
              "<line class=\"whisker\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
              from,
              middle,
              to,
              middle));
      end = Math.max(end, to);
    }
    String number = Spread.number(s.median()) + (isCut ? ", cut" : "");
    Svg.text(out, "", (int) end + 6, y + 12, "start", number);
  }
}
