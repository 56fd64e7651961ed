package dev.raddle.runtime;

/** What a goroutine runs. It may throw anything. */
@FunctionalInterface
public interface Body {
  /**
   * Runs once, on a goroutine.
   *
   * @throws Exception an exception that leaves a goroutine is reported as uncaught
   */
  void run() throws Exception;
}
