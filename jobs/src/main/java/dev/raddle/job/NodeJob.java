package dev.raddle.job;

import dev.raddle.runtime.Body;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * A goroutine of a graph: runs one job, and then perhaps another that it has made ready.
 *
 * Roles      Whoever started it acquires its permits, until it is queued with a semaphore; then whoever
 *            grants it goes on. It is in one place: such a queue, a run queue, or running.
 * Cancelled  Before it begins, it ends at once for the run. Its permits are given back by whoever has it:
 *            itself when it comes out of the run queue, or the canceller that took it out of the queue of a
 *            semaphore. It is never dropped from a run queue, as it counts as a goroutine.
 */
final class NodeJob extends OwnedJob<@Nullable Void> {
  /**
   * So many jobs one after another; then others in the queue get their turn, as in the scheduler.
   */
  private static final int MOST_IN_A_ROW = 61;

  final GraphRun run;
  final Frame frame;
  int index;

  /** How many of the needs are met. Of the one that has it. */
  private int held;

  /** What the job added has its own end, which is that of the job. */
  private boolean addedJobs;

  NodeJob(GraphRun run, Children owner, Frame frame, int index) {
    super(owner);
    this.run = run;
    this.frame = frame;
    this.index = index;
  }

  JobGraph.Node node() {
    return frame.plan.nodes[index];
  }

  // ---- before it runs ----

  /** Acquires what it needs and goes to the run queue, now or later. */
  void acquire() {
    List<JobGraph.Need> needs = node().needs;
    while (held < needs.size()) {
      JobGraph.Need need = needs.get(held);
      if (!run.acquireOrQueue(need, this)) {
        return;
      }
      held++;
    }
    run.spawn(this);
  }

  /** A semaphore gave it the permits for which it was queued. */
  void granted() {
    held++;
    acquire();
  }

  /** What it has added ends for it, and gives back its permits. */
  void addedJobs() {
    addedJobs = true;
    held = 0;
  }

  /** Gives back all permits. */
  void release() {
    List<JobGraph.Need> needs = node().needs;
    while (held > 0) {
      held--;
      needs.get(held).semaphore().release(needs.get(held).permits());
    }
  }

  @Override
  protected boolean counts() {
    return true;
  }

  /**
   * Who starts it has a place, and would wait for one while it keeps that: with as many jobs that
   * start others as there are places, for ever.
   */
  @Override
  protected boolean waitsForPlace() {
    return false;
  }

  /** Always granted, see Cancelled. */
  @Override
  protected boolean claim() {
    super.claim();
    return true;
  }

  // ---- running ----

  @Override
  protected void body() {
    super.body();
    release(); // nothing is left unless it never began
  }

  @Override
  @Nullable Void compute() throws Exception {
    for (int i = 1; ; i++) {
      int chosen;
      try {
        chosen = runWork();
      } finally {
        if (!addedJobs) {
          release();
        }
      }
      if (addedJobs) {
        return null;
      }
      int following = run.startNext(frame, index, chosen, i < MOST_IN_A_ROW);
      if (following < 0) {
        return null;
      }
      index = following;
      name(node().name);
    }
  }

  /** The branch that a condition has chosen; -1 for any other job. */
  private int runWork() throws Exception {
    JobGraph added = node().work instanceof JobGraph.DynamicBody ? new JobGraph() : null;
    int chosen = runBody(added); // its end is in the trace before that of the run can come
    if (added != null) {
      run.startAdded(added.plan(), this);
    }
    return chosen;
  }

  private int runBody(@Nullable JobGraph added) throws Exception {
    GraphTrace trace = run.recorder();
    long start = trace == null ? 0 : GraphTrace.now();
    try {
      return switch (node().work) {
        case Body body -> {
          body.run();
          yield -1;
        }
        case JobGraph.Choice choice -> checked(choice.choose());
        case JobGraph.DynamicBody body -> {
          body.run(Objects.requireNonNull(added));
          yield -1;
        }
        default -> throw new AssertionError(node().work);
      };
    } finally {
      if (trace != null) {
        trace.add(node().name, start);
      }
    }
  }

  private int checked(int choice) {
    int branches = node().branches.size();
    if (choice >= branches) {
      throw new IllegalStateException(
          "condition "
              + node()
              + ": expected a branch below "
              + branches
              + ", or a negative number for none, found "
              + choice);
    }
    return Math.max(choice, -1);
  }

  @Override
  void ending(boolean began, @Nullable Throwable failure) {
    super.ending(began, failure);
    if (!addedJobs) {
      run.ended(frame);
    }
  }
}
