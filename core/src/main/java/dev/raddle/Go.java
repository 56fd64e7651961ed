package dev.raddle;

import dev.raddle.runtime.Body;

/** The verbs of Go. */
public final class Go {
  private Go() {}

  /**
   * Starts a goroutine.
   *
   * @param body what it runs
   */
  public static void go(Body body) {
    Thread.startVirtualThread(
        () -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
