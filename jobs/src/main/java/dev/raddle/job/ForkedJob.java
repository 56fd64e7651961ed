package dev.raddle.job;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Goexit;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/*
 * States     null (NEW) -> CLAIMED      // an M takes it from a queue
 *            null -> a G                // that goroutine, a joiner, runs it in place
 *            CLAIMED -> a G             // it begins as the goroutine that it is
 *            null -> CANCELLED          // cancelled before it was claimed
 *            CLAIMED, a G -> DONE       // it has ended, and the outcome is there
 *            CLAIMED, a G -> CANCELLED  // cancelled before it began, or ended by its cancellation
 *            Each of the first three has a form with more to tell, Shared: who waits, and whether it was
 *            cancelled. The plain forms are for the usual case, in which nobody does either.
 * Claiming   Every step is a CAS of this one word, so exactly one of M, joiner and canceller wins, and a
 *            job is begun at most once.
 * Ordering   R1  outcome stored, state DONE (getAndSet)  <->  state DONE read, outcome loaded
 *            R2  a joiner adds itself by CAS; whoever ends the job takes the whole state by getAndSet,
 *                so a joiner is either told or sees the end.
 * Interrupt  The canceller says so in the state, interrupts, then says that it has. Whoever ends the job
 *            waits for the latter (a few instructions) and clears the interrupt, so that it hits neither
 *            the joiner nor the next goroutine of the thread. If another job on the same stack was
 *            cancelled as well, or somebody else has interrupted the joiner, that one still needs an
 *            interrupt: see Stop.
 * In place   Safe because the joiner waits for exactly this job: no lock that the joiner holds can be
 *            needed by anyone to get this job started.
 * One object The goroutine is the job: a fork allocates this and the user's lambda.
 * Checked by ForkedJobTest, JobStressTest; proof: ForkedJobClaim, ForkedJobJoin, ForkedJobCancel.
 */
/** The implementation of {@link Job}. */
abstract non-sealed class ForkedJob<T extends @Nullable Object> extends G implements Job<T> {
  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "state", VarHandle.class, ForkedJob.class, Object.class);

  private static final Object CLAIMED = "claimed";
  private static final Object DONE = "done";
  private static final Object CANCELLED = "cancelled";

  /** The result, or a {@link Failure}. */
  private @Nullable Object outcome;

  @SuppressWarnings("UnusedVariable") // written through STATE
  private volatile @Nullable Object state;

  private record Failure(Throwable cause) {}

  /**
   * A state with more to tell.
   *
   * @param claimed whether somebody will run it, or does
   * @param runner the goroutine on whose stack it runs; null until it begins
   * @param joins who waits; each knows the next
   * @param stop the cancellation
   */
  private record Shared(
      boolean claimed, @Nullable G runner, @Nullable Join joins, @Nullable Stop stop) {
    private static final Shared NEW = new Shared(false, null, null, null);

    /** What {@code state}, which is no end, says. */
    static Shared of(@Nullable Object state) {
      return switch (state) {
        case null -> NEW;
        case Shared s -> s;
        case G runner -> new Shared(true, runner, null, null);
        default -> new Shared(true, null, null, null);
      };
    }

    Shared claimedBy(@Nullable G g) {
      return new Shared(true, g, joins, stop);
    }

    Shared with(Join join) {
      return new Shared(claimed, runner, join, stop);
    }

    Shared with(Stop by) {
      return new Shared(claimed, runner, joins, by);
    }
  }

  /** What the job does. */
  abstract T compute() throws Exception;

  /**
   * Called once, just before others can see that the job has ended: by the thread that ran it, or
   * by the one that cancelled it before it began. Must not throw.
   *
   * @param began whether {@link #compute} was called
   * @param failure what it threw; null if it returned or was cancelled
   */
  void ending(boolean began, @Nullable Throwable failure) {}

  /** Called once after that, when others see that the job has ended. Must not throw. */
  void over() {}

  private static boolean isEnd(@Nullable Object s) {
    return s == DONE || s == CANCELLED;
  }

  private boolean cas(@Nullable Object from, Object to) {
    return STATE.compareAndSet(this, from, to);
  }

  // ---- claiming ----

  /** An M takes it from a queue. */
  @Override
  protected boolean claim() {
    return cas(null, CLAIMED) || claimSlow(null);
  }

  private boolean claimSlow(@Nullable G joiner) {
    while (state instanceof Shared s && !s.claimed) {
      if (cas(s, s.claimedBy(joiner))) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected boolean counts() {
    return false;
  }

  @Override
  protected void body() {
    if (begin()) {
      execute();
    }
  }

  /** Claimed by an M, it begins; false when it was cancelled meanwhile. */
  private boolean begin() {
    for (Object s = CLAIMED; ; s = state) {
      if (isEnd(s)) {
        return false;
      }
      if (s instanceof Shared shared && shared.stop != null) {
        ending(false, null);
        end(CANCELLED, false);
        return false;
      }
      if (cas(s, s == CLAIMED ? this : Shared.of(s).claimedBy(this))) {
        return true;
      }
    }
  }

  /** Runs it on the current stack, if it has not begun and that is allowed here. */
  final boolean runInPlace() {
    G g = Sched.enterJob(this);
    if (g == null) {
      return false;
    }
    boolean ran = runFor(g);
    Sched.leaveJob(g);
    return ran;
  }

  /** Runs it as part of that goroutine, if nobody has claimed it. */
  final boolean runFor(G joiner) {
    boolean claimed = cas(null, joiner) || claimSlow(joiner);
    if (claimed) {
      execute();
    }
    return claimed;
  }

  // ---- running and ending ----

  private void execute() {
    Object end = DONE;
    Throwable failure = null;
    boolean interrupted = false;
    try {
      outcome = compute();
    } catch (Throwable t) {
      failure = t instanceof Goexit ? new IllegalStateException("goexit: no result") : t;
      interrupted = t instanceof InterruptedException;
      if (interrupted && isStopped()) {
        failure = null;
        end = CANCELLED;
      } else {
        outcome = new Failure(failure);
      }
    }
    ending(true, failure);
    end(end, interrupted);
  }

  /** Whether it was cancelled while it ran. */
  final boolean isStopped() {
    return state instanceof Shared s && s.stop != null;
  }

  private void end(Object end, boolean interrupted) {
    Shared s = STATE.getAndSet(this, end) instanceof Shared shared ? shared : null; // R1, R2
    if (s != null && s.stop != null) {
      s.stop.swallow(interrupted);
    }
    over();
    if (s != null) {
      tell(s.joins);
    }
  }

  private static void tell(@Nullable Join joins) {
    for (Join j = joins; j != null; ) {
      Join next = j.next; // ready() may end the frame that holds it
      j.ready();
      j = next;
    }
  }

  // ---- joining ----

  @Override
  public T join() throws InterruptedException {
    if (state == null && runInPlace()) {
      throwIfInterruptedHere();
    }
    if (state != DONE) {
      awaitEnd();
    }
    return result();
  }

  /** The result of an ended job. */
  @SuppressWarnings({"NullAway", "unchecked"}) // the outcome is a T unless it is a failure
  final T result() {
    Object o = outcome;
    if (o instanceof Failure f) {
      throw new JobFailedException(f.cause);
    }
    return (T) o;
  }

  /** The interrupt was the joiner's. */
  private void throwIfInterruptedHere() throws InterruptedException {
    if (outcome instanceof Failure f && f.cause instanceof InterruptedException) {
      var e = new InterruptedException();
      e.initCause(f.cause);
      throw e;
    }
  }

  private void awaitEnd() throws InterruptedException {
    for (Object s = state; !isEnd(s); s = state) {
      Shared shared = Shared.of(s);
      var join = new Join(shared.joins);
      if (cas(s, shared.with(join))) { // R2
        join.await(WaitReason.JOIN);
        break;
      }
    }
    if (state == CANCELLED) {
      throw new CancellationException("the job was cancelled");
    }
  }

  @Override
  public final boolean isDone() {
    return isEnd(state);
  }

  @Override
  public final boolean isCancelled() {
    return state == CANCELLED;
  }

  /** Whether nobody has claimed it. */
  final boolean isNew() {
    Object s = state;
    return s == null || (s instanceof Shared shared && !shared.claimed);
  }

  // ---- cancelling ----

  @Override
  public final boolean cancel() {
    for (Object s = state; !isEnd(s); s = state) {
      Shared shared = Shared.of(s);
      if (!shared.claimed) {
        if (cas(s, CANCELLED)) {
          ending(false, null);
          over();
          tell(shared.joins);
          return true;
        }
      } else if (shared.stop != null) {
        return true;
      } else {
        var stop = new Stop(shared.runner);
        if (cas(s, shared.with(stop))) {
          stop.send();
          return true;
        }
      }
    }
    return false;
  }
}
