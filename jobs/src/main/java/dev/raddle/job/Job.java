package dev.raddle.job;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/*
 * States     NEW -> CLAIMED       // an M takes it from a queue, or the joiner runs it in place; CAS
 *            CLAIMED -> DONE      // the outcome is there
 *            state is NEW, CLAIMED, DONE, or the stack of parked joiners (Join) on a claimed job.
 * Ordering   R1  outcome stored, state DONE (getAndSet)  <->  state DONE read, outcome loaded
 *            R2  a joiner pushes itself by CAS; the finisher takes the whole stack by getAndSet, so a
 *                joiner is either in that stack or sees DONE.
 * In place   Safe because the joiner waits for exactly this job: no lock that the joiner holds can be
 *            needed by anyone to get this job started.
 */
/**
 * A job that was forked: a goroutine with a result.
 *
 * @param <T> type of the result
 */
public final class Job<T extends @Nullable Object> {
  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "state", VarHandle.class, Job.class, Object.class);

  private static final Object NEW = new Object();
  private static final Object CLAIMED = new Object();
  private static final Object DONE = new Object();

  private volatile @Nullable Callable<? extends T> work;
  private @Nullable T result;
  private @Nullable Throwable failure;

  @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // written through STATE
  private volatile Object state = NEW;

  final G g = new JobG(this);

  Job(Callable<? extends T> work) {
    this.work = work;
  }

  /** The goroutine of a job; what the run queues hold. */
  private static final class JobG extends G {
    private final Job<?> job;

    JobG(Job<?> job) {
      this.job = job;
    }

    @Override
    protected boolean claim() {
      return job.claim();
    }

    @Override
    protected void body() {
      job.execute();
    }

    @Override
    protected boolean counts() {
      return false;
    }
  }

  /** A parked joiner. */
  private static final class Join {
    final Waiter waiter = new Waiter();
    final @Nullable Join below;

    Join(@Nullable Join below) {
      this.below = below;
    }
  }

  private boolean claim() {
    return STATE.compareAndSet(this, NEW, CLAIMED);
  }

  private void execute() {
    Callable<? extends T> w = work;
    work = null;
    try {
      if (w != null) {
        result = w.call();
      }
    } catch (Throwable t) {
      failure = t;
    }
    Object joins = STATE.getAndSet(this, DONE); // R1, R2
    for (Join j = joins instanceof Join first ? first : null; j != null; j = j.below) {
      j.waiter.ready();
    }
  }

  /**
   * Waits for the job and returns its result. If the job has not started, the caller runs it now,
   * on its own stack; otherwise it parks. May be called by any number of threads, any number of
   * times.
   *
   * @return what the job returned
   * @throws InterruptedException if interrupted while parked; the job goes on
   * @throws JobFailedException if the job failed, with its throwable as the cause
   */
  @SuppressWarnings("NullAway") // result is a T once the job is done
  public T join() throws InterruptedException {
    if (state == NEW) {
      Sched.current().unspawn(g);
      if (claim()) {
        execute();
      }
    }
    if (state != DONE) {
      park();
    }
    Throwable t = failure;
    if (t != null) {
      throw new JobFailedException(t);
    }
    return result;
  }

  private void park() throws InterruptedException {
    for (; ; ) {
      Object s = state;
      if (s == DONE) {
        return;
      }
      var join = new Join(s instanceof Join first ? first : null);
      if (STATE.compareAndSet(this, s, join)) { // R2
        if (!join.waiter.await(WaitReason.JOIN)) {
          Thread.interrupted();
          throw new InterruptedException();
        }
        return;
      }
    }
  }

  /**
   * Whether the job has ended, well or not.
   *
   * @return true from then on
   */
  public boolean isDone() {
    return state == DONE;
  }
}
