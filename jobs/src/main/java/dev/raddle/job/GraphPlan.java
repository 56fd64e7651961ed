package dev.raddle.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A graph as runs see it: checked, in arrays, never changed. */
final class GraphPlan {
  final JobGraph.Node[] nodes;

  /** By index: how many ends start the job. */
  final int[] before;

  /** Indices of the jobs that start a run. */
  final int[] first;

  /** By index: indices of those that wait for it. */
  final int[][] next;

  GraphPlan(List<JobGraph.Node> all) {
    nodes = all.toArray(JobGraph.Node[]::new);
    before = all.stream().mapToInt(n -> n.before).toArray();
    next = new int[nodes.length][];
    for (JobGraph.Node n : nodes) {
      next[n.index] = n.next.stream().mapToInt(m -> m.index).toArray();
    }
    refuseCircles();
    first = all.stream().filter(n -> n.before == 0 && !n.chosen).mapToInt(n -> n.index).toArray();
    if (first.length == 0 && nodes.length > 0) {
      throw new IllegalStateException(
          "run: expected a job to begin with, found that every one waits for a condition");
    }
  }

  private void refuseCircles() {
    boolean[] finished = new boolean[nodes.length];
    for (JobGraph.Node start : nodes) {
      visit(start, finished);
    }
  }

  /** Depth first, with a stack of our own, so that a long chain cannot overflow Java's. */
  private static void visit(JobGraph.Node start, boolean[] finished) {
    if (finished[start.index]) {
      return;
    }
    List<JobGraph.Node> path = new ArrayList<>(List.of(start));
    List<Integer> at = new ArrayList<>(List.of(0));
    Set<JobGraph.Node> onPath = new HashSet<>(path);
    while (!path.isEmpty()) {
      int top = path.size() - 1;
      JobGraph.Node node = path.get(top);
      int i = at.get(top);
      if (i == node.next.size()) {
        finished[node.index] = true;
        onPath.remove(node);
        path.removeLast();
        at.removeLast();
        continue;
      }
      at.set(top, i + 1);
      JobGraph.Node child = node.next.get(i);
      if (onPath.contains(child)) {
        var circle = new ArrayList<>(path.subList(path.indexOf(child), path.size()));
        circle.add(child);
        var text = String.join(" -> ", circle.stream().map(JobGraph.Node::name).toList());
        throw new IllegalStateException("run: expected a graph without circles, found " + text);
      }
      if (!finished[child.index]) {
        path.add(child);
        onPath.add(child);
        at.add(0);
      }
    }
  }
}
