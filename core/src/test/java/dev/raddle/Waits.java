package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
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
    until(holds, Duration.ofSeconds(60), otherwise);
  }

  /** As {@link #until(BooleanSupplier)}, for so long, and tells more. */
  static void until(BooleanSupplier holds, Duration patience, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, () -> otherwise.get());
      Thread.yield();
    }
  }
}
