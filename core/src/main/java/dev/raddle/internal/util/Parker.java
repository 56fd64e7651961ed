package dev.raddle.internal.util;

import java.util.concurrent.locks.LockSupport;

/**
 * The one place that parks and unparks threads. A permit may be left over from elsewhere, so every
 * caller parks in a loop around its own condition.
 */
public final class Parker {
  private Parker() {}

  /** Parks the current thread until {@link #unpark}, an interrupt, or for no reason. */
  public static void park() {
    LockSupport.park();
  }

  /** As {@link #park}, for at most {@code nanos}. */
  public static void parkNanos(long nanos) {
    LockSupport.parkNanos(nanos);
  }

  /** Makes a permit available to {@code thread}. */
  public static void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }

  /** Waits for the end of {@code thread}. Returns whether the caller was interrupted meanwhile. */
  public static boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }
}
