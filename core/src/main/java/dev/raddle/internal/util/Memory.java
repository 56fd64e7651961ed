package dev.raddle.internal.util;

/**
 * What the scheduler does about a full heap: it waits. The goroutine that fills the heap gets an
 * {@link OutOfMemoryError} of its own; the scheduler's few objects are small, and a goroutine that
 * it drops half-way is lost for ever. (The JDK does the same when it submits a virtual thread.)
 */
public final class Memory {
  private Memory() {}

  /**
   * Loads this class, and the name of the error into the loader: what catches it asks for that
   * name, and for neither a full heap has room.
   */
  public static void prepare() {
    isFull(new OutOfMemoryError());
  }

  /**
   * Whether a full heap is behind {@code t}: also where the JVM could not link a call or initialize
   * a class for want of room.
   */
  public static boolean isFull(Throwable t) {
    for (Throwable at = t; at != null; at = at.getCause()) {
      if (at instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /** Leaves the collector, and whoever holds the memory, a moment. */
  public static void pause(OutOfMemoryError full) {
    Parker.stall(true);
  }
}
