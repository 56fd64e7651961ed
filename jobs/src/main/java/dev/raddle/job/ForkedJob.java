package dev.raddle.job;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.G;
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
 * One object The goroutine is the job: a fork allocates this and the user's lambda.
 */
/** The implementation of {@link Job}. */
final class ForkedJob<T extends @Nullable Object> extends G implements Job<T> {
  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "state", VarHandle.class, ForkedJob.class, Object.class);

  /** The state NEW is null: a fork then stores nothing. */
  private static final Object CLAIMED = new Object();

  private static final Object DONE = new Object();

  private @Nullable Callable<? extends T> work;
  private @Nullable T result;
  private @Nullable Throwable failure;

  @SuppressWarnings("UnusedVariable") // written through STATE
  private volatile @Nullable Object state;

  ForkedJob(Callable<? extends T> work) {
    this.work = work;
  }

  /** A parked joiner. */
  private static final class Join extends Waiter {
    final @Nullable Join below;

    Join(@Nullable Join below) {
      this.below = below;
    }

    @Override
    protected boolean withdraw() {
      return true; // it stays in the stack; being readied late does no harm
    }
  }

  @Override
  protected boolean claim() {
    return STATE.compareAndSet(this, null, CLAIMED);
  }

  @Override
  protected boolean counts() {
    return false;
  }

  @Override
  protected void body() {
    execute();
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
    if (joins != CLAIMED) {
      for (Join j = (Join) joins; j != null; j = j.below) {
        j.ready();
      }
    }
  }

  @Override
  @SuppressWarnings("NullAway") // result is a T once the job is done
  public T join() throws InterruptedException {
    if (state == null) {
      scheduler().unspawn(this);
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
    for (Object s = state; s != DONE; s = state) {
      var join = new Join(s instanceof Join first ? first : null);
      if (STATE.compareAndSet(this, s, join)) { // R2
        join.await(WaitReason.JOIN);
        return;
      }
    }
  }

  @Override
  public boolean isDone() {
    return state == DONE;
  }
}
