package dev.raddle.job;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.raddle.Go;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.Mode;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs tests in goroutines, and waits with deadlines. */
final class Runs {
  /** Of any wait; never reached unless something is wrong. */
  static final int DEADLINE_SECONDS = 30;

  private Runs() {}

  /** In a goroutine of a scheduler with so many Ps, or of the JDK's scheduler if that is in use. */
  static void on(int processors, Body body) throws Exception {
    if (isJdk()) {
      inGoroutine(Scheduler.current(), body);
      return;
    }
    in(Scheduler.builder().processors(processors), body);
  }

  /** In a goroutine of a scheduler of its own. */
  static void in(Scheduler.Builder builder, Body body) throws Exception {
    try (var s = builder.name("test").build()) {
      inGoroutine(
          s,
          () -> {
            body.run();
            until(() -> s.numGoroutine() == 1); // none is left over
          });
    }
  }

  static boolean isJdk() {
    return Mode.current() == Mode.JDK;
  }

  private static void inGoroutine(Scheduler s, Body body) throws Exception {
    var failure = new AtomicReference<@Nullable Throwable>();
    var wg = new WaitGroup();
    wg.go(
        s,
        () -> {
          try {
            body.run();
          } catch (Throwable t) {
            failure.set(t);
          }
        });
    wg.await();
    Throwable t = failure.get();
    if (t != null) {
      throw new AssertionError(t);
    }
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS), "deadline passed");
  }

  /** Gives way until it holds. */
  static void until(BooleanSupplier holds) {
    long end = System.nanoTime() + DEADLINE_SECONDS * 1_000_000_000L;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        fail("deadline passed");
      }
      Go.gosched();
    }
  }
}
