package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import dev.raddle.sync.WaitGroup;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * Starting   A job starts when the last of those before it has ended, by the goroutine of that one: it
 *            goes on with one of them itself and spawns the others. Or a condition chooses it.
 * Ending     A frame counts its active jobs; each starts its successors before it stops being active, so
 *            the count is zero only at the end. A frame that a job has added then ends that job.
 * Cancelled  No job is started any more (Children), those that are queued end at once, those that run
 *            are interrupted and end as they will.
 * Refused    A job starts where nothing may be thrown: in the end of another one, of this run or of one
 *            that shares a semaphore. So spawn() never throws: the job fails the run that it belongs to.
 *            Nor does it wait for a place under the scheduler's limits (NodeJob.waitsForPlace).
 */
/** One run of a {@link JobGraph}. May be used by any thread. */
public final class GraphRun {
  private final GraphPlan plan;
  private final Sched sched = Sched.current();
  private final Children children = new Children(this::dropQueued);
  private final WaitGroup end = new WaitGroup();
  private final @Nullable GraphTrace trace;
  private volatile boolean done;

  /** Semaphores with which jobs of this run were queued. */
  private final Set<JobSemaphore> queuedWith = ConcurrentHashMap.newKeySet();

  GraphRun(JobGraph graph) {
    plan = graph.plan();
    trace = graph.isRecording() ? new GraphTrace() : null;
    end.add(1);
  }

  // ---- for users ----

  /**
   * Cancels the run: jobs that have not begun never do, those that run are interrupted. Does not
   * wait.
   */
  public void cancel() {
    if (!done) {
      children.cancel();
    }
  }

  /**
   * Waits for the end of the run: no job of it runs any more.
   *
   * @throws InterruptedException if interrupted while waiting; the run goes on. Or if the first
   *     failure of the run is an interrupt
   * @throws JobFailedException if a job failed: the first failure in time is the cause, others are
   *     suppressed
   * @throws CancellationException if the run was cancelled before its end
   */
  public void await() throws InterruptedException {
    end.await();
    children.throwIfFailed();
    if (children.isCancelled()) {
      throw new CancellationException("the run was cancelled");
    }
  }

  /**
   * Whether no job of the run runs any more.
   *
   * @return true from then on
   */
  public boolean isDone() {
    return done;
  }

  /**
   * What has run when, in the format of Chrome's trace viewer (chrome://tracing, Perfetto): an
   * array of complete events, in microseconds since the start of the run. A line of the picture is
   * not a thread; jobs share one if they did not overlap.
   *
   * @return JSON
   * @throws IllegalStateException if the run was not recorded, see {@link JobGraph#recording}
   */
  public String trace() {
    GraphTrace t = trace;
    if (t == null) {
      throw new IllegalStateException("trace: expected a recording graph, found one that is not");
    }
    return t.toJson();
  }

  /** As {@link #await}; an interrupt cancels the run, whose end is then waited for. */
  void complete() throws InterruptedException {
    InterruptedException interrupted = null;
    while (!done) {
      try {
        end.await();
        break;
      } catch (InterruptedException e) {
        interrupted = e;
        cancel();
      }
    }
    if (interrupted != null) {
      throw interrupted;
    }
    await();
  }

  // ---- starting ----

  void begin() {
    var frame = new Frame(plan, null, -1);
    startFirst(frame);
    ended(frame);
  }

  /** Runs what a job has added, if anything. */
  void startAdded(GraphPlan added, NodeJob by) {
    if (added.nodes.length == 0) {
      return;
    }
    var frame = new Frame(added, by.frame, by.index);
    by.addedJobs();
    startFirst(frame);
    ended(frame);
  }

  private void startFirst(Frame frame) {
    for (int index : frame.plan.first) {
      start(frame, index);
    }
  }

  /**
   * A job has ended well: starts what comes next.
   *
   * @param chosen the branch that a condition chose; -1 for none
   * @param mayGoOn whether the caller would run one of them itself
   * @return that one; -1 for none
   */
  int startNext(Frame frame, int index, int chosen, boolean mayGoOn) {
    if (children.isCancelled()) {
      return -1;
    }
    JobGraph.Node ended = frame.plan.nodes[index];
    int own = -1;
    if (chosen >= 0) {
      own = ownOrStart(frame, ended, ended.branches.get(chosen).index, own, mayGoOn);
    }
    for (int next : frame.plan.next[index]) {
      if (frame.countDown(next)) {
        own = ownOrStart(frame, ended, next, own, mayGoOn);
      }
    }
    return own;
  }

  private int ownOrStart(Frame frame, JobGraph.Node ended, int index, int own, boolean mayGoOn) {
    JobGraph.Node node = frame.plan.nodes[index];
    if (own < 0 && mayGoOn && node.needs.isEmpty() && node.priority == ended.priority) {
      return index;
    }
    start(frame, index);
    return own;
  }

  /** The caller keeps the frame from ending. */
  private void start(Frame frame, int index) {
    var job = new NodeJob(this, children, frame, index);
    frame.active.incrementAndGet(); // first: from add() on the job may be cancelled, and so end
    if (children.add(job)) {
      job.acquire();
    } else {
      frame.active.decrementAndGet();
    }
  }

  boolean acquireOrQueue(JobGraph.Need need, NodeJob job) {
    JobSemaphore semaphore = need.semaphore();
    queuedWith.add(semaphore); // before it is queued: see dropQueued
    if (semaphore.acquireOrQueue(job, need.permits())) {
      return true;
    }
    if (job.isDone()) { // cancelled meanwhile
      semaphore.remove(j -> j == job).forEach(NodeJob::release);
    }
    return false;
  }

  /** Cancelled: jobs that wait for permits leave their queues, and what they hold is given back. */
  private void dropQueued() {
    for (JobSemaphore s : queuedWith) {
      s.remove(job -> job.run == this).forEach(NodeJob::release);
    }
  }

  void spawn(NodeJob job) {
    JobGraph.Node node = job.node();
    job.name(node.name);
    job.priority(node.priority.ordinal());
    try {
      sched.spawn(job);
    } catch (Throwable refused) { // by a policy, or the scheduler is closed
      job.release(); // others go on with its permits before this run can end
      children.failed(refused); // which cancels the job too, and so ends it
    }
  }

  // ---- ending ----

  /** A job, or whoever started the first ones, is no longer active. */
  void ended(Frame of) {
    Frame frame = of;
    while (frame.active.decrementAndGet() == 0) {
      Frame parent = frame.parent;
      if (parent == null) {
        done = true;
        end.done();
        return;
      }
      for (JobGraph.Need need : parent.plan.nodes[frame.parentIndex].needs) {
        need.semaphore().release(need.permits());
      }
      startNext(parent, frame.parentIndex, -1, false);
      frame = parent;
    }
  }

  @Nullable GraphTrace recorder() {
    return trace;
  }
}
