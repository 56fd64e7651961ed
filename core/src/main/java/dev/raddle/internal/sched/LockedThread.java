package dev.raddle.internal.sched;

import org.jspecify.annotations.Nullable;

/**
 * Ties goroutines to their threads, as Go's LockOSThread. The continuation is pinned: the goroutine
 * stays on its M even while it parks, and its right to run goes to others meanwhile. A goroutine
 * that goes on after a wait may therefore run beside as many others as there are Ps.
 */
public final class LockedThread {
  private LockedThread() {}

  /** Locks the current goroutine, once more. On a platform thread there is nothing to do. */
  public static void lock() {
    G g = current("lockOSThread");
    if (g != null && g.locks++ == 0) {
      M.onCarrier().lock();
    }
  }

  /** Undoes one {@link #lock}; without one it does nothing. */
  public static void unlock() {
    G g = current("unlockOSThread");
    if (g != null && g.locks > 0 && --g.locks == 0) {
      M.onCarrier().unlock();
    }
  }

  private static @Nullable G current(String what) {
    if (!Thread.currentThread().isVirtual()) {
      return null;
    }
    if (!Sched.OWN) {
      throw new UnsupportedOperationException(
          what + ": expected Raddle's own scheduler, found the JDK's: " + Sched.whyNotOwn());
    }
    G g = Sched.currentG();
    if (g == null) {
      throw new IllegalStateException(
          what + ": expected a goroutine or a platform thread, found " + Thread.currentThread());
    }
    return g;
  }

  /** The current goroutine is about to block its thread: others get its right to run. */
  static void blockingBegins() {
    M.onCarrier().blockingBegins();
  }

  /** The thread is back. */
  static void blockingEnded() {
    M.onCarrier().blockingEnded();
  }

  /** As {@link #blockingBegins}, for a wait that somebody ends. */
  static void waitBegins(Waiter wait) {
    blockingBegins();
    M.onCarrier().lockedWait(wait);
  }

  /** The end of {@link #waitBegins}. */
  static void waitEnded() {
    M.onCarrier().lockedWait(null);
    blockingEnded();
  }

  /** The goroutine ends locked: its thread will end, too. */
  static void ended(G g) {
    g.locks = 0;
    M.unpin();
  }
}
