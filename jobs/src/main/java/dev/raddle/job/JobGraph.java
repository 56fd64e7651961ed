package dev.raddle.job;

import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait for one another: each runs as a goroutine once all those before it have ended.
 * Build it on one thread; it may run any number of times, one run after another or at the same
 * time.
 */
public final class JobGraph {
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  /** Makes an empty graph. */
  public JobGraph() {}

  /** One job of a graph. */
  public static final class Node {
    private final JobGraph graph;
    private final String name;
    private final Body body;
    private final List<Node> before = new ArrayList<>();
    private final List<Node> next = new ArrayList<>();

    private Node(JobGraph graph, String name, Body body) {
      this.graph = graph;
      this.name = name;
      this.body = body;
    }

    /**
     * Makes this job wait for others.
     *
     * @param others of the same graph
     * @return this
     * @throws IllegalArgumentException if one is of another graph
     */
    public Node after(Node... others) {
      for (Node n : others) {
        if (n.graph != graph) {
          throw new IllegalArgumentException(
              "after: expected jobs of the same graph, found " + n.name + " of another");
        }
      }
      for (Node n : others) {
        before.add(n);
        n.next.add(this);
      }
      return this;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Adds a job.
   *
   * @param name unique in the graph
   * @param body what it does; may block
   * @return the job
   * @throws IllegalArgumentException if the name is taken
   */
  public Node job(String name, Body body) {
    var node = new Node(this, name, body);
    if (nodes.putIfAbsent(name, node) != null) {
      throw new IllegalArgumentException("job: expected a new name, found " + name + " again");
    }
    return node;
  }

  /**
   * Runs every job and waits for all. After a failure no further job starts.
   *
   * @throws IllegalStateException if jobs wait for one another in a circle, which is named; none
   *     ran
   * @throws InterruptedException if interrupted while waiting; no further job starts
   * @throws JobFailedException if a job failed: the first failure, others suppressed
   */
  public void run() throws InterruptedException {
    refuseCycles();
    new Run().run();
  }

  private void refuseCycles() {
    Set<Node> finished = new HashSet<>();
    for (Node start : nodes.values()) {
      List<Node> path = new ArrayList<>();
      visit(start, path, new HashSet<>(), finished);
    }
  }

  /** Depth first, with a stack of our own, so that a long chain cannot overflow Java's. */
  private static void visit(Node start, List<Node> path, Set<Node> onPath, Set<Node> finished) {
    if (finished.contains(start)) {
      return;
    }
    List<Integer> at = new ArrayList<>();
    path.add(start);
    onPath.add(start);
    at.add(0);
    while (!path.isEmpty()) {
      int top = path.size() - 1;
      Node node = path.get(top);
      int i = at.get(top);
      if (i == node.next.size()) {
        finished.add(node);
        onPath.remove(node);
        path.removeLast();
        at.removeLast();
        continue;
      }
      at.set(top, i + 1);
      Node child = node.next.get(i);
      if (onPath.contains(child)) {
        var circle = new ArrayList<>(path.subList(path.indexOf(child), path.size()));
        circle.add(child);
        var text = String.join(" -> ", circle.stream().map(Node::toString).toList());
        throw new IllegalStateException("run: expected a graph without circles, found " + text);
      }
      if (!finished.contains(child)) {
        path.add(child);
        onPath.add(child);
        at.add(0);
      }
    }
  }

  /** One run: how many predecessors of each job have not ended. */
  private final class Run {
    private final Map<Node, AtomicInteger> waiting = new HashMap<>();
    private final WaitGroup group = new WaitGroup();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private final Scheduler scheduler = Scheduler.current();

    void run() throws InterruptedException {
      for (Node n : nodes.values()) {
        waiting.put(n, new AtomicInteger(n.before.size()));
      }
      for (Node n : nodes.values()) {
        if (n.before.isEmpty()) {
          start(n);
        }
      }
      try {
        group.await();
      } catch (InterruptedException e) {
        failed.compareAndSet(null, e);
        throw e;
      }
      Throwable t = failed.get();
      if (t != null) {
        throw new JobFailedException(t);
      }
    }

    private void start(Node n) {
      group.add(1);
      scheduler.go(GoOptions.name(n.name), () -> execute(n), group::done);
    }

    private void execute(Node n) {
      try {
        if (failed.get() == null) {
          n.body.run();
        }
      } catch (Throwable t) {
        Throwable first = failed.compareAndExchange(null, t);
        if (first != null && first != t) {
          first.addSuppressed(t);
        }
      }
      for (Node after : n.next) {
        AtomicInteger left = waiting.get(after);
        if (left != null && left.decrementAndGet() == 0) {
          start(after);
        }
      }
    }
  }
}
