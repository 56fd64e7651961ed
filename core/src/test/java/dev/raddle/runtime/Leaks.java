package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Chan;
import dev.raddle.sync.WaitGroup;

/** Counts what of a program is reclaimed. Its loops end by the time limit of the test. */
final class Leaks {
  private static final int CANARIES = 3;

  private Leaks() {}

  /**
   * Runs a program on a scheduler of its own, until no goroutine of it is left: so many were
   * reclaimed, every other has ended.
   */
  static void assertReclaimed(int count, Body program) throws InterruptedException {
    try (var s = Scheduler.builder().processors(2).build()) {
      var ended = new WaitGroup();
      ended.go(s, program);
      ended.await();
      while (s.numGoroutine() > 0) {
        collect();
      }
      assertEquals(count, s.numReclaimed());
    }
  }

  /**
   * Nothing is reclaimed of a scheduler of which nothing was yet: but for some that are started
   * here one after another, so that collections are known to have counted what they found.
   */
  static void assertNothingIsReclaimed(Scheduler s) {
    for (int i = 1; i <= CANARIES; i++) {
      s.go(() -> Chan.make().recv());
      while (s.numReclaimed() < i) {
        collect();
      }
    }
    assertEquals(CANARIES, s.numReclaimed());
  }

  private static void collect() {
    System.gc();
    Thread.yield();
  }
}
