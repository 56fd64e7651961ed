package dev.raddle.internal.jdk;

/**
 * The JDK's socket pollers. They are virtual threads, made for good by whoever uses a socket first,
 * and run on the scheduler of that thread.
 */
public final class Pollers {
  private Pollers() {}

  /** Makes them now, for the scheduler of the current virtual thread; later calls do nothing. */
  public static void start() {
    try {
      Class.forName("sun.nio.ch.Poller");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("expected a JDK with sun.nio.ch.Poller", e);
    }
  }
}
