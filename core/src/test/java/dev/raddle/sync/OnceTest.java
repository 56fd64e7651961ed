package dev.raddle.sync;

import static dev.raddle.sync.Once.onceFunc;
import static dev.raddle.sync.Once.onceValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Go;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OnceTest {
  private final AtomicInteger calls = new AtomicInteger();

  /** Follows TestOnce (sync/once_test.go): who returns has seen it done. */
  @Test
  void manyComeAndItIsDoneOnce() throws Exception {
    var once = new Once();
    var wg = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      wg.go(
          () -> {
            once.run(calls::incrementAndGet);
            assertEquals(1, calls.get());
          });
    }
    wg.await();
    assertEquals(1, calls.get());
  }

  /** Follows TestOncePanic (sync/once_test.go): a failure counts as done. */
  @Test
  void aFailureIsTheFirstCallersAndCountsAsDone() {
    var once = new Once();
    var failure = new IllegalArgumentException("failed");
    assertSame(
        failure,
        assertThrows(
            IllegalArgumentException.class,
            () ->
                once.run(
                    () -> {
                      throw failure;
                    })));
    once.run(calls::incrementAndGet);
    assertEquals(0, calls.get());
  }

  /** Follows TestOnceFunc, TestOnceValue (sync/oncefunc_test.go). */
  @Test
  void theFunctionAndTheValueAreCalledOnce() {
    Runnable f = onceFunc(calls::incrementAndGet);
    assertEquals(0, calls.get());
    f.run();
    f.run();
    assertEquals(1, calls.get());
    Supplier<Integer> v = onceValue(calls::incrementAndGet);
    assertEquals(2, v.get());
    assertEquals(2, v.get());
    Supplier<Integer> none = onceValue(() -> null);
    assertNull(none.get());
    assertNull(none.get());
  }

  /** Follows TestOnceFuncPanic, TestOnceValuePanic (sync/oncefunc_test.go). */
  @Test
  void everyCallThrowsTheSame() {
    Supplier<Integer> v =
        onceValue(
            () -> {
              throw new IllegalArgumentException("x" + calls.incrementAndGet());
            });
    var first = assertThrows(IllegalArgumentException.class, v::get);
    assertSame(first, assertThrows(IllegalArgumentException.class, v::get));
    Runnable f =
        onceFunc(
            () -> {
              throw new StackOverflowError("y" + calls.incrementAndGet());
            });
    var error = assertThrows(StackOverflowError.class, f::run);
    assertSame(error, assertThrows(StackOverflowError.class, f::run));
    assertEquals(2, calls.get());
  }

  /**
   * Follows TestOnceFuncGoexit (sync/oncefunc_test.go): each caller exits, the function ran once.
   */
  @Test
  void goexitInsideEndsEachCaller() throws Exception {
    Runnable f =
        onceFunc(
            () -> {
              calls.incrementAndGet();
              Go.goexit();
            });
    var after = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      var wg = new WaitGroup();
      wg.go(
          () -> {
            f.run();
            after.incrementAndGet();
          });
      wg.await();
    }
    assertEquals(1, calls.get());
    assertEquals(0, after.get());
  }

  /** Follows TestOnceXGC (sync/oncefunc_test.go): what it captured is garbage once it ran. */
  @Test
  void whatTheFunctionHoldsIsGarbageAfterwards() {
    var big = new byte[1 << 20];
    var seen = new WeakReference<>(big);
    Supplier<Integer> v = length(big);
    big = null;
    assertEquals(1 << 20, v.get());
    while (seen.get() != null) {
      System.gc();
    }
    assertEquals(1 << 20, v.get());
  }

  private static Supplier<Integer> length(byte[] of) {
    return onceValue(() -> of.length);
  }
}
