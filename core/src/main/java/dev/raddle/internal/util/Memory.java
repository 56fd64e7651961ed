package dev.raddle.internal.util;

/**
 * What the scheduler does about a full heap: it waits. The goroutine that fills the heap gets an
 * {@link OutOfMemoryError} of its own; the scheduler's few objects are small, and a goroutine that
 * it drops half-way is lost for ever. (The JDK does the same when it submits a virtual thread.)
 */
public final class Memory {
  private Memory() {}

  /** Loads this class, for which a full heap has no room. */
  public static void prepare() {}

  /** Leaves the collector, and whoever holds the memory, a moment. */
  public static void pause(OutOfMemoryError full) {
    Parker.stall(true);
  }
}
