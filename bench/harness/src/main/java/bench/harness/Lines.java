package bench.harness;

import bench.harness.Workload.Metric;
import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics of a workload that are a family - capacities, sizes, percentiles - as lines, one a
 * rival. Sizes grow by factors, so that even steps between them are a logarithmic axis; the other
 * axis is logarithmic too if the values are more than ten times apart.
 */
final class Lines {
  private static final Pattern SIZED = Pattern.compile("ns_(\\d+)");
  private static final List<String> PERCENTILES = List.of("p50_us", "p99_us", "p999_us", "max_us");
  private static final int WIDTH = 760;
  private static final int HEIGHT = 340;
  private static final int LEFT = 70;
  private static final int RIGHT = 520;
  private static final int TOP = 36;
  private static final int BOTTOM = 300;
  private static final double WIDE = 10;

  private static final String STYLE =
      """
      <style>
      text { font: 12px system-ui, sans-serif; fill: #24292f }
      .title { font-weight: 600 }
      .grid { stroke: #d0d7de } .line { fill: none; stroke-width: 1.8 } .ours { stroke-width: 3.2 }
      .variant { stroke-dasharray: 5 4 }
      .whisker { stroke-width: 1; opacity: 0.6 }
      .raddle { stroke: #1a7f37 } .go { stroke: #0969da } .vthreads { stroke: #bc4c00 }
      .kotlin { stroke: #8250df } .jox { stroke: #bf3989 } .fjp { stroke: #9a6700 }
      .tokio { stroke: #cf222e } .other { stroke: #57606a }
      @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .grid { stroke: #373e47 }
        .raddle { stroke: #3fb950 } .go { stroke: #58a6ff } .vthreads { stroke: #ffa657 }
        .kotlin { stroke: #bc8cff } .jox { stroke: #ff7bc6 } .fjp { stroke: #d29922 }
        .tokio { stroke: #ff7b72 } .other { stroke: #8b949e }
      }
      </style>
      """;

  private record Line(String rival, List<Spread> at) {}

  private final Workload workload;
  private final int procs;
  private final List<Metric> family;
  private final List<Line> lines = new ArrayList<>();
  private double low = Double.MAX_VALUE;
  private double high;

  /** Of what the results have of a workload at a number of Ps. */
  Lines(Results results, Workload workload, int procs) {
    this.workload = workload;
    this.procs = procs;
    this.family =
        family(workload).stream()
            .filter(m -> Rivals.names().stream().anyMatch(r -> has(results, workload, procs, r, m)))
            .toList();
    for (String rival : Rivals.names()) {
      if (family.stream().noneMatch(m -> has(results, workload, procs, rival, m))) {
        continue;
      }
      List<Spread> at = new ArrayList<>();
      for (Metric m : family) {
        double[] v = results.values(workload.name(), procs, rival, m.name());
        Spread s = v.length == 0 ? new Spread(Double.NaN, 0, 0, 0) : Spread.of(v);
        at.add(s);
        if (v.length > 0) {
          low = Math.min(low, Math.max(1e-3, s.min()));
          high = Math.max(high, s.max());
        }
      }
      lines.add(new Line(rival, at));
    }
  }

  private static boolean has(Results r, Workload w, int procs, String rival, Metric m) {
    return r.values(w.name(), procs, rival, m.name()).length > 0;
  }

  /** The metrics that are one figure at several sizes or percentiles; fewer than three are none. */
  static List<Metric> family(Workload w) {
    List<Metric> sized =
        w.metrics().stream().filter(m -> SIZED.matcher(m.name()).matches()).toList();
    if (sized.size() > 2) {
      return sized;
    }
    if (!PERCENTILES.contains(w.main().name())) {
      return List.of();
    }
    return PERCENTILES.stream()
        .flatMap(p -> w.metrics().stream().filter(m -> m.name().equals(p)))
        .toList();
  }

  /** Whether there is anything to compare. */
  boolean isWorthwhile() {
    return lines.size() > 1 && family.size() > 1 && high > 0;
  }

  /** The drawing. */
  String svg() {
    StringBuilder out = new StringBuilder();
    add(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            + " role=\"img\">",
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT);
    out.append(STYLE);
    boolean percentiles = PERCENTILES.contains(family.getFirst().name());
    String title =
        workload.title()
            + ", "
            + procs
            + " P, "
            + (percentiles ? "µs" : "ns")
            + " (less is better)";
    add(out, "<title>%s</title>", Svg.escaped(title));
    Svg.text(out, "title", 0, 16, "start", title);
    for (double y : marks()) {
      add(
          out,
          "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
          LEFT,
          y(y),
          RIGHT,
          y(y));
      Svg.text(out, "", LEFT - 8, (int) y(y) + 4, "end", mark(y));
    }
    for (int i = 0; i < family.size(); i++) {
      Svg.text(out, "", (int) x(i), BOTTOM + 20, "middle", label(family.get(i)));
    }
    for (int i = 0; i < lines.size(); i++) {
      draw(out, lines.get(i));
      int y = TOP + 10 + 20 * i;
      add(
          out,
          "<line class=\"line %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
          css(lines.get(i).rival),
          RIGHT + 14,
          y,
          RIGHT + 40,
          y);
      Svg.text(out, "", RIGHT + 46, y + 4, "start", Rivals.title(lines.get(i).rival));
    }
    return out.append("</svg>\n").toString();
  }

  private void draw(StringBuilder out, Line line) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < family.size(); i++) {
      Spread s = line.at.get(i);
      if (Double.isNaN(s.median())) {
        continue;
      }
      add(points, "%.1f,%.1f ", x(i), y(s.median()));
      if (s.forks() > 1) {
        add(
            out,
            "<line class=\"whisker %s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            css(line.rival),
            x(i),
            y(s.min()),
            x(i),
            y(s.max()));
      }
    }
    String css = css(line.rival);
    String list = points.toString().replace("\n", "").strip();
    if (list.contains(" ")) {
      add(out, "<polyline class=\"line %s\" points=\"%s\"/>", css, list);
    } else { // a single point
      String[] xy = list.split(",", 2);
      add(out, "<circle class=\"line %s\" cx=\"%s\" cy=\"%s\" r=\"3\"/>", css, xy[0], xy[1]);
    }
  }

  /** Ours are green and dashed in other modes; Jox on our scheduler is as Jox. */
  private static String css(String rival) {
    String base = rival.replaceFirst("-.*", "");
    boolean known =
        List.of("raddle", "go", "vthreads", "kotlin", "jox", "fjp", "tokio").contains(base);
    String css = known ? base : "other";
    if (rival.equals("raddle")) {
      return css + " ours";
    }
    return base.equals(rival) ? css : css + " variant";
  }

  private boolean isLogarithmic() {
    return high / low > WIDE;
  }

  private double x(int i) {
    double step = (double) (RIGHT - LEFT - 40) / Math.max(1, family.size() - 1);
    return LEFT + 20 + step * i;
  }

  private double y(double value) {
    double part =
        isLogarithmic()
            ? Math.log(Math.max(value, bottom()) / bottom()) / Math.log(high / bottom())
            : value / high;
    return BOTTOM - part * (BOTTOM - TOP);
  }

  /** The power of ten below all values. */
  private double bottom() {
    return Math.pow(10, Math.floor(Math.log10(low)));
  }

  private List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    if (isLogarithmic()) {
      for (double m = bottom(); m <= high; m *= 10) {
        marks.add(m);
      }
      return marks;
    }
    double step = Math.pow(10, Math.floor(Math.log10(high)));
    if (high / step < 3) {
      step /= high / step < 1.5 ? 4 : 2;
    }
    for (double m = 0; m <= high; m += step) {
      marks.add(m);
    }
    return marks;
  }

  private static String mark(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%s", value);
  }

  private static String label(Metric m) {
    Matcher size = SIZED.matcher(m.name());
    if (!size.matches()) {
      return m.unit().replace(" µs", "");
    }
    return String.format(Locale.ROOT, "%,d", Long.parseLong(size.group(1)));
  }

  @FormatMethod
  private static void add(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
