package dev.raddle.internal.util;

import static java.lang.invoke.MethodHandles.lookup;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;

/*
 * A lock for critical sections of a few dozen instructions that never park, call user code or
 * unpark.
 *
 * Why not a j.u.c lock  Scheduler code runs with the continuation pinned; a queue lock may then be
 *                       granted to a waiter that no carrier can run (Netty 13204, JDK-8350765).
 *                       Here nobody is ever granted anything: whoever runs takes the lock.
 * Progress              The holder can lose its core for a time slice. Waiters spin SPINS times,
 *                       yield YIELDS times, then sleep: on few cores the holder gets its core back.
 * Goroutines            sleep on their carrier: one that left it could take a P with it that it was
 *                       about to grant to an M, or another lock (SpinLockTest). Thread.yield would
 *                       leave.
 * Ordering              lock: CAS acquire  <->  unlock: release store.
 */
/** A spin lock that backs off by yielding and sleeping. */
public class SpinLock {
  private static final VarHandle HELD =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "held", VarHandle.class, SpinLock.class, int.class);

  private static final int SPINS = 64;
  private static final int YIELDS = 32;

  @SuppressWarnings("UnusedVariable") // accessed through HELD
  private int held;

  static {
    rehearse();
  }

  /**
   * The JVM links a call of a VarHandle when it is first made, and a full heap has no room for
   * that. Here such a failure would lose whatever the caller was about; so all are made before.
   */
  private static void rehearse() {
    var lock = new SpinLock();
    lock.lockSlow();
    lock.unlock();
  }

  /** Takes the lock. Not re-entrant. */
  public final void lock() {
    if (!HELD.compareAndSet(this, 0, 1)) {
      lockSlow();
    }
  }

  /** Takes the lock if nobody holds it. */
  public final boolean tryLock() {
    return HELD.compareAndSet(this, 0, 1);
  }

  /** Gives the lock back; only the holder calls it. */
  public final void unlock() {
    HELD.setRelease(this, 0);
  }

  private void lockSlow() {
    for (int i = 0; ; i++) {
      if ((int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1)) {
        return;
      }
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        Parker.stall(i >= SPINS + YIELDS);
      }
    }
  }
}
