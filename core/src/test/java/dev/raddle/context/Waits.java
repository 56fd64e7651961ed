package dev.raddle.context;

import static dev.raddle.Go.after;
import static dev.raddle.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.raddle.RecvChan;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the tests of contexts share. */
final class Waits {
  static final Duration SHORT = Duration.ofMillis(1);
  static final Duration LONG = Duration.ofHours(1000);

  /** No wait of a test that is to succeed takes so long. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private Waits() {}

  static void assertOpen(Context... contexts) {
    for (Context c : contexts) {
      assertNull(c.done().tryRecv(), () -> c + " is done");
      assertNull(c.err());
      assertNull(c.cause());
    }
  }

  /** At once: cancellation is synchronous. */
  static void assertEnded(Class<? extends CanceledException> why, Context... contexts) {
    for (Context c : contexts) {
      assertNotNull(c.done().tryRecv(), () -> c + " is not done");
      assertEquals(why, classOf(c.err()));
    }
  }

  static void assertCanceled(Context... contexts) {
    assertEnded(CanceledException.class, contexts);
  }

  static @Nullable Class<?> classOf(@Nullable Object o) {
    return o == null ? null : o.getClass();
  }

  /** Waits for the end. */
  static void awaitEnd(RecvChan<?> done) throws InterruptedException {
    assertEquals("end", select(done.onReceive(r -> "end"), after(LIMIT, () -> "no end")));
  }

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long limit = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - limit > 0) {
        throw new AssertionError("waited for " + what);
      }
      Thread.sleep(1);
    }
  }

  static void untilCollected(WeakReference<?> ref) throws InterruptedException {
    until(
        "a collection",
        () -> {
          System.gc();
          return ref.get() == null;
        });
  }
}
