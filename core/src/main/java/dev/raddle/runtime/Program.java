package dev.raddle.runtime;

import dev.raddle.internal.sched.ProgramRun;

/** Runs a whole program as Go does. */
public final class Program {
  private Program() {}

  /**
   * Runs {@code main} as goroutine 1 and ends the process: status 0 when {@code main} returns, with
   * whatever other goroutines are doing; status 2, with text on standard error in Go's shape, when
   * a throwable leaves any goroutine or when all goroutines are asleep for ever. Call it on the
   * JVM's main thread; it does not return.
   *
   * @param main the program
   */
  public static void run(Body main) {
    ProgramRun.run(main::run);
  }
}
