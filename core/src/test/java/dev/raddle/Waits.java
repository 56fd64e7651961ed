package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits of tests for a state. */
final class Waits {
  private Waits() {}

  /** Waits until it holds; fails after a minute. */
  static void until(BooleanSupplier holds) {
    until(holds, () -> "it does not come to hold");
  }

  /** As {@link #until(BooleanSupplier)}, and tells more. */
  static void until(BooleanSupplier holds, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, () -> otherwise.get());
      Thread.yield();
    }
  }
}
