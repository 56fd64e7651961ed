package dev.raddle.job;

import dev.raddle.runtime.Priority;
import java.util.ArrayList;
import java.util.List;

/** Writes a graph in the language of Graphviz. */
final class GraphDot {
  private GraphDot() {}

  static String of(List<JobGraph.Node> nodes) {
    var dot = new StringBuilder("digraph jobs {\n  node [shape=box];\n");
    for (JobGraph.Node n : nodes) {
      dot.append("  n").append(n.index).append(" [label=\"");
      for (String line : lines(n)) {
        dot.append(escaped(line)).append("\\n");
      }
      dot.setLength(dot.length() - 2);
      dot.append('"').append(shape(n)).append("];\n");
    }
    for (JobGraph.Node n : nodes) {
      for (JobGraph.Node m : n.next) {
        dot.append("  n").append(n.index).append(" -> n").append(m.index).append(";\n");
      }
      for (int i = 0; i < n.branches.size(); i++) {
        dot.append("  n").append(n.index).append(" -> n").append(n.branches.get(i).index);
        dot.append(" [style=dashed, label=\"").append(i).append("\"];\n");
      }
    }
    return dot.append("}\n").toString();
  }

  /** What stands in the box of a job. */
  static List<String> lines(JobGraph.Node n) {
    var lines = new ArrayList<>(List.of(n.name));
    if (n.priority != Priority.NORMAL) {
      lines.add(n.priority.toString());
    }
    for (JobGraph.Need need : n.needs) {
      lines.add("needs " + need.permits() + " of " + need.semaphore().name());
    }
    return lines;
  }

  private static String shape(JobGraph.Node n) {
    return switch (n.work) {
      case JobGraph.Choice c -> ", shape=diamond";
      case JobGraph.DynamicBody b -> ", peripheries=2";
      default -> "";
    };
  }

  private static String escaped(String s) {
    return s.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
