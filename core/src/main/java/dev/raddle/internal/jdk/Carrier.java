package dev.raddle.internal.jdk;

import java.util.concurrent.ForkJoinPool;
import jdk.internal.misc.CarrierThread;
import jdk.internal.misc.Unsafe;
import jdk.internal.vm.Continuation;

/**
 * An operating-system thread that carries goroutines. The JDK tells it of blocking calls it makes
 * on a goroutine's behalf (DNS, fsync, standard streams, process pipes, selector waits).
 *
 * <p>Load this class only after {@link VirtualThreads#open} said yes: its superclass is not
 * accessible before.
 */
public abstract class Carrier extends CarrierThread {
  /** Looked up here: at the first stall the heap may be full. */
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  /**
   * Makes a carrier; it never registers with the pool.
   *
   * @param pool the scheduler of the goroutines it carries
   * @param name thread name
   */
  @SuppressWarnings("this-escape") // setName is final and touches only Thread's own state
  protected Carrier(ForkJoinPool pool, String name) {
    super(pool);
    setName(name);
  }

  /** A blocking call begins on the goroutine that this carrier runs. */
  protected abstract void blockingBegins();

  /** The blocking call ended, or the goroutine was unmounted. */
  protected abstract void blockingEnded();

  /** The loop of the carrier. */
  @Override
  public abstract void run();

  @Override
  public final boolean beginBlocking() {
    Continuation.pin(); // as the JDK does: what follows may start a thread
    try {
      blockingBegins();
    } finally {
      Continuation.unpin();
    }
    return true;
  }

  /** Keeps the current virtual thread on its carrier, until {@link #unpin}. */
  public static void pin() {
    Continuation.pin();
  }

  /** Blocks the thread under the caller, a virtual one on its carrier; may end early. */
  static void stall(long nanos) {
    UNSAFE.park(false, nanos);
  }

  /** Undoes one {@link #pin}. */
  public static void unpin() {
    Continuation.unpin();
  }

  @Override
  public final void endBlocking() {
    blockingEnded();
  }

  /**
   * Never zero: with an empty queue the JDK would wrap each wake in a task of its own; this way
   * every wake arrives as it is through {@code execute}.
   */
  @Override
  public final int getQueuedTaskCount() {
    return 1;
  }
}
