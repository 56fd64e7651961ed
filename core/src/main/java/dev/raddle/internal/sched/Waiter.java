package dev.raddle.internal.sched;

import dev.raddle.internal.util.Parker;
import org.jspecify.annotations.Nullable;

/*
 * One wait of one thread: the only way in which anything in Raddle parks a goroutine.
 *
 * Roles       The waiter's thread parks; exactly one other thread calls ready(), once.
 * States      waiting -> done        // ready()
 * Ordering    R1  what the waker wrote, done = true (volatile)  <->  done read true, what it wrote
 * Permits     LockSupport permits may be left over or used up by anyone; done alone decides.
 *             unpark comes after done = true, so the permit that ends the wait is never too early.
 * Interrupts  await() returns early on an interrupt; the caller then withdraws the waiter under the
 *             lock of what it waits for, or finds that ready() has already been promised and calls
 *             awaitDone(). So nothing handed over is lost.
 */
/** One wait of one thread. */
public class Waiter {
  private final Thread thread = Thread.currentThread();
  private final @Nullable G g = Sched.currentG();
  private volatile boolean done;

  /** Makes a waiter for the current thread. */
  public Waiter() {}

  /** The goroutine that waits; null for any other thread. */
  public final @Nullable G goroutine() {
    return g;
  }

  /** Whether {@link #ready} was called. */
  public final boolean isDone() {
    return done;
  }

  /** Ends the wait. Called once, under no lock. */
  public final void ready() {
    done = true;
    Parker.unpark(thread);
  }

  /**
   * Parks until {@link #ready} or an interrupt.
   *
   * @return true when ready; false when interrupted before, with the interrupt status still set
   */
  public final boolean await(WaitReason reason) {
    G self = g;
    if (self != null) {
      self.waitsFor(reason);
    }
    try {
      while (!done) {
        if (thread.isInterrupted()) {
          return false;
        }
        Parker.park();
      }
      return true;
    } finally {
      if (self != null) {
        self.waitsFor(null);
      }
    }
  }

  /** Parks until {@link #ready}, which is certain to come; the interrupt status survives. */
  public final void awaitDone(WaitReason reason) {
    boolean interrupted = false;
    while (!await(reason)) {
      Thread.interrupted();
      interrupted = true;
    }
    if (interrupted) {
      thread.interrupt();
    }
  }
}
