package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits of tests for a state. */
final class Waits {
  private Waits() {}

  /** Waits until it holds; fails after a minute. */
  static void until(BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "it does not come to hold");
      Thread.yield();
    }
  }
}
