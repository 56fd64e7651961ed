package dev.raddle.job;

import dev.raddle.runtime.Body;
import dev.raddle.runtime.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait for one another: each runs as a goroutine once all those before it have ended.
 *
 * <p>A job may add jobs of its own while it runs ({@link #job(String, DynamicBody)}), a condition
 * chooses what comes next, forward or back ({@link #condition}), and a job may need permits before
 * it starts ({@link Node#needs}). No job ever waits on the stack of another.
 *
 * <p>Build a graph on one thread, before it runs. It may then run any number of times, one run
 * after another or at the same time; each run is independent of the others, but for its semaphores.
 *
 * <p>Jobs count as goroutines of their scheduler. Under its limits they take places, but neither
 * wait for one nor are refused, as who starts a job has a place already. A job that its policy
 * refuses fails the run, with the {@link java.util.concurrent.RejectedExecutionException} as the
 * cause.
 *
 * <p>A run costs some 100 ns a job where jobs start one another, and an array of counters. A job
 * whose only successor becomes ready goes on with it on the same goroutine.
 */
public final class JobGraph {
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private volatile @Nullable GraphPlan plan;
  private volatile boolean recording;

  /** Makes an empty graph. */
  public JobGraph() {}

  /** What a job does that adds jobs. */
  @FunctionalInterface
  public interface DynamicBody {
    /**
     * Runs once for each time that the job runs.
     *
     * @param added an empty graph of its own. What is in it when the body returns runs as a part of
     *     this job, which ends when all of that has ended
     * @throws Exception fails the run
     */
    void run(JobGraph added) throws Exception;
  }

  /** What a condition does. */
  @FunctionalInterface
  public interface Choice {
    /**
     * Runs once for each time that the condition is reached.
     *
     * @return the index of the branch that comes next; negative for none
     * @throws Exception fails the run
     */
    int choose() throws Exception;
  }

  /** One job of a graph. */
  public static final class Node {
    final JobGraph graph;
    final String name;
    final int index;
    final Object work; // a Body, DynamicBody or Choice
    final List<Node> next = new ArrayList<>();
    final List<Node> branches = new ArrayList<>();
    final List<Need> needs = new ArrayList<>();
    Priority priority = Priority.NORMAL;

    /** How many jobs it waits for. */
    int before;

    /** Whether a condition may choose it: then it does not start by itself. */
    boolean chosen;

    private Node(JobGraph graph, String name, Object work) {
      this.graph = graph;
      this.name = Objects.requireNonNull(name, "name");
      this.work = Objects.requireNonNull(work, "work");
      index = graph.nodes.size();
    }

    /**
     * Makes this job wait for others: it starts whenever each of them has ended once more.
     *
     * @param others of the same graph
     * @return this
     * @throws IllegalArgumentException if one is of another graph
     */
    public Node after(Node... others) {
      checkSameGraph("after", others);
      for (Node n : others) {
        n.next.add(this);
      }
      before += others.length;
      graph.plan = null;
      return this;
    }

    /**
     * Makes others wait for this job.
     *
     * @param others of the same graph
     * @return this
     * @throws IllegalArgumentException if one is of another graph
     */
    public Node before(Node... others) {
      checkSameGraph("before", others);
      for (Node n : others) {
        n.after(this);
      }
      return this;
    }

    /**
     * Says between what a condition chooses. The chosen one starts at once, whatever else it waits
     * for; that may be a job that has run before, which makes a loop. A job that was started again
     * before it has ended runs twice at the same time.
     *
     * @param nodes of the same graph, to be chosen by their index
     * @return this
     * @throws IllegalArgumentException if one is of another graph
     * @throws IllegalStateException if this is no condition
     */
    public Node branches(Node... nodes) {
      checkSameGraph("branches", nodes);
      if (!(work instanceof Choice)) {
        throw new IllegalStateException("branches: expected a condition, found the job " + name);
      }
      for (Node n : nodes) {
        branches.add(n);
        n.chosen = true;
      }
      graph.plan = null;
      return this;
    }

    /**
     * As {@link #needs(JobSemaphore, int)}, with one permit.
     *
     * @param semaphore has the permits
     * @return this
     */
    public Node needs(JobSemaphore semaphore) {
      return needs(semaphore, 1);
    }

    /**
     * Makes the job start only when it has permits, which it gives back at its end. Until then it
     * is queued with the semaphore and occupies neither goroutine nor P. Several semaphores are
     * acquired in one order everywhere, so that jobs cannot block one another for ever.
     *
     * @param semaphore has the permits; may be shared with other graphs
     * @param permits from 1 to all that the semaphore has
     * @return this
     * @throws IllegalArgumentException if the number is not such, or the job needs that semaphore
     *     already
     */
    public Node needs(JobSemaphore semaphore, int permits) {
      if (permits < 1 || permits > semaphore.permits()) {
        throw new IllegalArgumentException(
            "needs: expected 1 to " + semaphore.permits() + " permits, found " + permits);
      }
      if (needs.stream().anyMatch(n -> n.semaphore == semaphore)) {
        throw new IllegalArgumentException(
            "needs: expected each semaphore once, found " + semaphore + " again for " + name);
      }
      needs.add(new Need(semaphore, permits));
      Collections.sort(needs);
      graph.plan = null;
      return this;
    }

    /**
     * Sets the class of the job's goroutine. Among jobs that are ready, higher classes run first.
     *
     * @param priority the class; NORMAL unless set
     * @return this
     */
    public Node priority(Priority priority) {
      this.priority = Objects.requireNonNull(priority, "priority");
      graph.plan = null;
      return this;
    }

    /**
     * Its name.
     *
     * @return the name, unique in its graph
     */
    public String name() {
      return name;
    }

    private void checkSameGraph(String what, Node... others) {
      for (Node n : others) {
        if (n.graph != graph) {
          throw new IllegalArgumentException(
              what + ": expected jobs of the same graph, found " + n.name + " of another");
        }
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Permits that a job needs, in the order of acquiring them. */
  record Need(JobSemaphore semaphore, int permits) implements Comparable<Need> {
    @Override
    public int compareTo(Need other) {
      return Long.compare(semaphore.id(), other.semaphore.id());
    }
  }

  /**
   * Adds a job.
   *
   * @param name unique in the graph; in dumps, traces and drawings
   * @param body what it does; may block
   * @return the job
   * @throws IllegalArgumentException if the name is taken
   */
  public Node job(String name, Body body) {
    return add(new Node(this, name, body));
  }

  /**
   * Adds a job that adds jobs of its own each time it runs.
   *
   * @param name unique in the graph
   * @param body what it does; may block
   * @return the job
   * @throws IllegalArgumentException if the name is taken
   */
  public Node job(String name, DynamicBody body) {
    return add(new Node(this, name, body));
  }

  /**
   * Adds a condition: a job that chooses what comes next.
   *
   * @param name unique in the graph
   * @param choice gives the index of one of its {@linkplain Node#branches branches}
   * @return the condition
   * @throws IllegalArgumentException if the name is taken
   */
  public Node condition(String name, Choice choice) {
    return add(new Node(this, name, choice));
  }

  private Node add(Node node) {
    if (nodes.putIfAbsent(node.name, node) != null) {
      throw new IllegalArgumentException("job: expected a new name, found " + node.name + " again");
    }
    plan = null;
    return node;
  }

  /**
   * Makes later runs record what ran when, for {@link GraphRun#trace}. Costs some 100 ns and 50
   * bytes for each job that runs.
   *
   * @param on whether to record; off unless set
   * @return this
   */
  public JobGraph recording(boolean on) {
    recording = on;
    return this;
  }

  boolean isRecording() {
    return recording;
  }

  /**
   * Runs every job and waits for all. The first failure cancels the others: none starts any more,
   * and those that run are interrupted.
   *
   * @throws IllegalStateException if jobs wait for one another in a circle, which is named, or none
   *     can begin; none ran
   * @throws InterruptedException if interrupted while waiting; the run is cancelled and has ended
   * @throws JobFailedException if a job failed: the first failure in time is the cause, others are
   *     suppressed
   */
  public void run() throws InterruptedException {
    start().complete();
  }

  /**
   * Starts a run, on the scheduler of the current goroutine, elsewhere on the default one.
   *
   * @return the run
   * @throws IllegalStateException as for {@link #run}
   */
  public GraphRun start() {
    var run = new GraphRun(this);
    run.begin();
    return run;
  }

  /** The graph as it is now, checked. */
  GraphPlan plan() {
    GraphPlan p = plan;
    if (p == null) {
      p = new GraphPlan(List.copyOf(nodes.values()));
      plan = p;
    }
    return p;
  }

  List<Node> nodes() {
    return List.copyOf(nodes.values());
  }

  /**
   * The graph in the language of Graphviz. Conditions are diamonds with dashed arrows, numbered as
   * their branches; jobs that add jobs have a double border.
   *
   * @return a {@code digraph}
   */
  public String toDot() {
    return GraphDot.of(nodes());
  }

  /**
   * A drawing of the graph, in layers from top to bottom. It is meant for a look at some dozens of
   * jobs; for more there is {@link #toDot}.
   *
   * @return an SVG document
   */
  public String toSvg() {
    return new GraphSvg(nodes()).draw();
  }
}
