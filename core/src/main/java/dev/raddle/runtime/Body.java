package dev.raddle.runtime;

/** What a goroutine runs. */
@FunctionalInterface
public interface Body {
  /**
   * Runs once, on a goroutine.
   *
   * @throws Exception goes to the scheduler's handler for uncaught throwables
   */
  void run() throws Exception;
}
