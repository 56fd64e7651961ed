package dev.raddle.internal.sched;

import dev.raddle.internal.util.Parker;
import org.jspecify.annotations.Nullable;

/*
 * One wait of one thread: the only way in which anything in Raddle parks a goroutine.
 *
 * Roles       The waiter's thread parks; exactly one other thread calls ready(), once.
 * States      waiting -> done        // ready()
 * Ordering    R1  what the waker wrote, done = true  <->  done read true, what it wrote
 *             R2  done = true, permit read by unpark  <->  permit used up by park, done read: both
 *             volatile. Where a permit is left over unpark only reads it; a release of done could
 *             come after that read, and the waiter between them (WaiterPermitTest).
 * Permits     LockSupport permits may be left over or used up by anyone; done alone decides.
 * Interrupts  await() then asks withdraw(), which decides under the lock of what is waited for: taken
 *             out of it, and the wait fails; or ready() has already been promised, and the wait goes on
 *             to its end with the interrupt kept. So nothing handed over is lost.
 * Reuse       again() is for the waiter's thread, after the end of the wait: ready() was seen, and
 *             whoever called it touches nothing of this object after done = true; or it withdrew.
 * Profile     Before the first of many waiters returns, the JIT has never seen the end of the loop and
 *             compiles it as a trap. A million goroutines parked in such a frame then cost a million
 *             deoptimizations of 15 us each (measured). So every wait first runs the same loop over a
 *             waiter that is done, and nothing branches between the loop and the caller.
 * Dumps       The goroutine points to this object while it waits, and only then: one opaque store at
 *             either end. `reason` is a plain byte beside `done`, where padding was: no larger
 *             object, and a dump that comes too early reads 0.
 */
/** One wait of one thread. */
public abstract class Waiter {
  /** Never started. The thread that happens to load this class would be kept by READY for ever. */
  private static final Thread NOBODY = new Thread(null, null, "raddle-nobody", 0, false);

  private static final Waiter READY = new Done();

  private final Thread thread;
  private final @Nullable G g;
  private volatile boolean done;
  private byte reason; // see Dumps

  /** Makes a waiter for the current thread. */
  protected Waiter() {
    thread = Thread.currentThread();
    g = Sched.currentG();
  }

  /** A wait of nobody. */
  private Waiter(Thread nobody) {
    thread = nobody;
    g = null;
  }

  /** Makes a part of {@code whole}, which is the one that parks. */
  protected Waiter(Waiter whole) {
    thread = whole.thread;
    g = whole.g;
  }

  /**
   * Called on the waiting thread after an interrupt: ends the wait, unless somebody has already
   * decided to call {@link #ready}.
   *
   * @return true when nobody will call {@link #ready}
   */
  protected abstract boolean withdraw();

  /** The goroutine that waits; null for any other thread. */
  public final @Nullable G goroutine() {
    return g;
  }

  /** Whether the current thread, and goroutine, is the one that this waiter was made for. */
  public final boolean isMine() {
    return thread == Thread.currentThread() && g == Sched.currentG();
  }

  /** Makes it ready for another wait, after the end of one. */
  protected final void again() {
    done = false;
  }

  /** Whether {@link #ready} was called. */
  public final boolean isDone() {
    return done;
  }

  /** Ends the wait. Called once, under no lock. */
  public final void ready() {
    Thread t = thread;
    done = true; // R1, R2
    Parker.unpark(t);
  }

  /**
   * Parks until {@link #ready}.
   *
   * @throws InterruptedException if interrupted and withdrawn; the interrupt status is then clear
   */
  public final void await(WaitReason reason) throws InterruptedException {
    this.reason = reason.code();
    note(g, this);
    if (g != null && g.locks > 0) {
      awaitOnThread();
      return;
    }
    try {
      untilDone(READY);
      untilDone(this);
    } catch (Interrupted e) {
      interrupted();
    }
    note(g, null);
  }

  /** As {@link #await}, for a goroutine that blocks its thread. */
  private void awaitOnThread() throws InterruptedException {
    LockedThread.waitBegins(this);
    try {
      untilDone(this);
    } catch (Interrupted e) {
      interrupted();
    } finally {
      LockedThread.waitEnded();
      note(g, null);
    }
  }

  /** Why it waits; null before {@link #await}. Of any thread, and late. */
  final @Nullable WaitReason reason() {
    return WaitReason.of(reason);
  }

  /**
   * What it waits for, if that has a name: its text is for dumps, made by any thread at any time,
   * also after the wait. So making it parks nowhere and takes no lock but a spin lock held for a
   * few instructions.
   */
  protected @Nullable Object what() {
    return null;
  }

  private static void note(@Nullable G g, @Nullable Waiter wait) {
    if (g != null) {
      g.waitsFor(wait);
    }
  }

  private static void untilDone(Waiter w) throws Interrupted {
    while (!w.done) {
      if (w.thread.isInterrupted()) {
        throw new Interrupted();
      }
      Parker.park();
    }
  }

  private void interrupted() throws InterruptedException {
    if (withdraw()) {
      note(g, null);
      Thread.interrupted();
      throw new InterruptedException();
    }
    while (!done) {
      Thread.interrupted();
      Parker.park();
    }
    thread.interrupt();
  }

  /** Tells {@link #await} of an interrupt without a branch on its way back. */
  private static final class Interrupted extends Exception {
    private static final long serialVersionUID = 1;

    private Interrupted() {
      super(null, null, false, false);
    }
  }

  private static final class Done extends Waiter {
    Done() {
      super(NOBODY);
      ready();
    }

    @Override
    protected boolean withdraw() {
      return false;
    }
  }
}
