package dev.raddle.internal.util;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place that parks and unparks threads. A permit may be left over from elsewhere, so every
 * caller parks in a loop around its own condition.
 */
public final class Parker {
  private static final long STALL_NANOS = 20_000;

  private static volatile @Nullable LongConsumer staller;

  private Parker() {}

  /** How a virtual thread sleeps without leaving its carrier; as long as unset, it cannot. */
  public static void staller(LongConsumer how) {
    staller = how;
  }

  /** Gives the core away for a moment; a virtual thread stays on its carrier where that can be. */
  public static void stall(boolean longer) {
    LongConsumer how = Thread.currentThread().isVirtual() ? staller : null;
    if (how != null) {
      how.accept(STALL_NANOS);
    } else if (longer) {
      LockSupport.parkNanos(STALL_NANOS);
    } else {
      Thread.yield();
    }
  }

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
