package dev.raddle.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Draws a graph in layers: a job stands below all for which it waits, and within its layer near the
 * middle of them, so that few arrows cross. What closes a loop is drawn upwards and does not count.
 */
final class GraphSvg {
  private static final int SWEEPS = 8;
  private static final int CHAR = 8;
  private static final int LINE = 16;
  private static final int GAP_X = 24;
  private static final int GAP_Y = 48;
  private static final int EDGE = 16;

  private final List<JobGraph.Node> nodes;
  private final int[] layer;
  private final List<List<Integer>> layers = new ArrayList<>();
  private final int[] width;
  private final int[] height;
  private final int[] x;
  private final int[] y;

  GraphSvg(List<JobGraph.Node> nodes) {
    this.nodes = nodes;
    layer = new int[nodes.size()];
    width = nodes.stream().mapToInt(GraphSvg::textWidth).toArray();
    height = nodes.stream().mapToInt(n -> (GraphDot.lines(n).size() + 1) * LINE).toArray();
    x = new int[nodes.size()];
    y = new int[nodes.size()];
  }

  private static int textWidth(JobGraph.Node n) {
    int longest = GraphDot.lines(n).stream().mapToInt(String::length).max().orElse(0);
    return (longest + 2) * CHAR;
  }

  String draw() {
    assignLayers();
    for (int i = 0; i < SWEEPS; i++) {
      order();
    }
    place();
    return write();
  }

  /** Longest paths, in rounds; edges that would raise a layer past all are those of loops. */
  private void assignLayers() {
    int[] order = topological();
    int[] position = new int[order.length];
    IntStream.range(0, order.length).forEach(i -> position[order[i]] = i);
    for (int from : order) {
      for (JobGraph.Node to : nodes.get(from).next) {
        layer[to.index] = Math.max(layer[to.index], layer[from] + 1);
      }
      for (JobGraph.Node to : nodes.get(from).branches) {
        if (to.before == 0 && position[to.index] > position[from]) {
          layer[to.index] = Math.max(layer[to.index], layer[from] + 1);
        }
      }
    }
    int depth = Arrays.stream(layer).max().orElse(-1);
    for (int i = 0; i <= depth; i++) {
      layers.add(new ArrayList<>());
    }
    IntStream.range(0, layer.length).forEach(i -> layers.get(layer[i]).add(i));
  }

  /** By the arrows between jobs and, where they close no circle, those of conditions. */
  private int[] topological() {
    boolean[] seen = new boolean[nodes.size()];
    List<Integer> ends = new ArrayList<>();
    for (JobGraph.Node n : nodes) {
      if (n.before == 0 && !n.chosen) {
        visit(n, seen, ends);
      }
    }
    for (JobGraph.Node n : nodes) {
      visit(n, seen, ends);
    }
    return ends.reversed().stream().mapToInt(i -> i).toArray();
  }

  private static void visit(JobGraph.Node start, boolean[] seen, List<Integer> ends) {
    if (seen[start.index]) {
      return;
    }
    seen[start.index] = true;
    List<JobGraph.Node> path = new ArrayList<>(List.of(start));
    List<Integer> at = new ArrayList<>(List.of(0));
    while (!path.isEmpty()) {
      int top = path.size() - 1;
      JobGraph.Node n = path.get(top);
      int i = at.get(top);
      if (i == n.next.size() + n.branches.size()) {
        ends.add(n.index);
        path.removeLast();
        at.removeLast();
        continue;
      }
      at.set(top, i + 1);
      JobGraph.Node m = i < n.next.size() ? n.next.get(i) : n.branches.get(i - n.next.size());
      if (!seen[m.index]) {
        seen[m.index] = true;
        path.add(m);
        at.add(0);
      }
    }
  }

  /** Sorts each layer by the middle of what stands above. */
  private void order() {
    double[] wanted = new double[nodes.size()];
    for (List<Integer> row : layers) {
      for (int i = 0; i < row.size(); i++) {
        wanted[row.get(i)] = i;
      }
    }
    double[] sum = new double[nodes.size()];
    int[] count = new int[nodes.size()];
    for (List<Integer> row : layers) {
      for (int i : row) {
        if (count[i] > 0) {
          wanted[i] = sum[i] / count[i];
        }
      }
      row.sort(Comparator.comparingDouble(i -> wanted[i]));
      for (int position = 0; position < row.size(); position++) {
        for (JobGraph.Node to : nodes.get(row.get(position)).next) {
          sum[to.index] += position;
          count[to.index]++;
        }
      }
    }
  }

  private void place() {
    int widest =
        layers.stream()
            .mapToInt(row -> row.stream().mapToInt(i -> width[i] + GAP_X).sum())
            .max()
            .orElse(0);
    int top = EDGE;
    for (List<Integer> row : layers) {
      int rowWidth = row.stream().mapToInt(i -> width[i] + GAP_X).sum();
      int left = EDGE + (widest - rowWidth + GAP_X) / 2;
      int tallest = 0;
      for (int i : row) {
        x[i] = left;
        y[i] = top;
        left += width[i] + GAP_X;
        tallest = Math.max(tallest, height[i]);
      }
      top += tallest + GAP_Y;
    }
  }

  private String write() {
    int right = IntStream.range(0, x.length).map(i -> x[i] + width[i]).max().orElse(0) + EDGE;
    int bottom = IntStream.range(0, y.length).map(i -> y[i] + height[i]).max().orElse(0) + EDGE;
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" \
            font-family="monospace" font-size="12">
            <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" \
            markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
            """,
            right,
            bottom));
    for (JobGraph.Node n : nodes) {
      n.next.forEach(m -> arrow(svg, n.index, m.index, ""));
      n.branches.forEach(m -> arrow(svg, n.index, m.index, " stroke-dasharray=\"4\""));
    }
    for (JobGraph.Node n : nodes) {
      box(svg, n);
    }
    return svg.append("</svg>\n").toString();
  }

  private void arrow(StringBuilder svg, int from, int to, String style) {
    boolean down = y[to] > y[from];
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"black\"%s"
                + " marker-end=\"url(#tip)\"/>%n",
            x[from] + width[from] / (down ? 2 : 4),
            y[from] + (down ? height[from] : 0),
            x[to] + width[to] / (down ? 2 : 4),
            y[to] + (down ? 0 : height[to]),
            style));
  }

  private void box(StringBuilder svg, JobGraph.Node n) {
    int i = n.index;
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\""
                + " stroke=\"black\"/>%n",
            x[i],
            y[i],
            width[i],
            height[i],
            n.work instanceof JobGraph.Choice ? LINE : 0,
            n.work instanceof JobGraph.DynamicBody ? "lightgray" : "white"));
    int line = 1;
    for (String text : GraphDot.lines(n)) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              x[i] + width[i] / 2,
              y[i] + LINE * line++ + LINE / 4,
              escaped(text)));
    }
  }

  private static String escaped(String s) {
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ");
  }
}
