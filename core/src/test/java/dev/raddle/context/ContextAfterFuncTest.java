package dev.raddle.context;

import static dev.raddle.context.Waits.SHORT;
import static dev.raddle.context.Waits.awaitEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Calls at the end of a context; the tests named here are those of Go's context/x_test.go. */
@Timeout(60)
class ContextAfterFuncTest {
  /** Follows TestAfterFuncCalledAfterCancel. */
  @Test
  void itRunsAfterTheCancelAndNotBefore() throws Exception {
    try (var ctx = Context.background().withCancel()) {
      Chan<Boolean> ended = Chan.make();
      var stop = ctx.afterFunc(() -> ended.send(ctx.err() != null));
      assertNull(ended.tryRecv());
      ctx.cancel();
      assertTrue(ended.recv());
      assertFalse(stop.stop());
    }
  }

  /** Follows TestAfterFuncCalledAfterTimeout. */
  @Test
  void itRunsAfterTheTimeout() throws Exception {
    try (var ctx = Context.background().withTimeout(SHORT)) {
      Chan<Void> called = Chan.make();
      ctx.withValue(Context.Key.of("k"), "v").afterFunc(called::close);
      awaitEnd(called);
    }
  }

  /** Follows TestAfterFuncCalledImmediately. */
  @Test
  void onAnEndedContextItRunsAtOnceInAGoroutineOfItsOwn() throws Exception {
    try (var ctx = Context.background().withCancel()) {
      ctx.cancel();
      var where = new CompletableFuture<Thread>();
      ctx.afterFunc(
          () -> {
            assertNotNull(Goroutine.current());
            where.complete(Thread.currentThread());
          });
      assertFalse(where.get(30, TimeUnit.SECONDS).equals(Thread.currentThread()));
    }
  }

  /** Follows TestAfterFuncNotCalledAfterStop. */
  @Test
  void whatWasStoppedDoesNotRun() throws Exception {
    var ctx = Context.background().withCancel();
    var calls = new AtomicInteger();
    var stop = ctx.afterFunc(calls::incrementAndGet);
    assertTrue(stop.stop());
    assertFalse(stop.stop());
    try (var inBlock = ctx.afterFunc(calls::incrementAndGet)) {
      assertNotNull(inBlock);
    }
    Chan<Void> last = Chan.make();
    ctx.afterFunc(last::close);
    ctx.cancel();
    awaitEnd(last);
    assertFalse(stop.stop());
    assertEquals(0, calls.get());
  }

  /** Follows TestAfterFuncCalledAsynchronously. */
  @Test
  void theCancelDoesNotWaitForIt() throws Exception {
    try (var ctx = Context.background().withCancel()) {
      Chan<String> c = Chan.make();
      ctx.afterFunc(() -> c.send("called"));
      ctx.cancel(); // nobody receives yet
      assertEquals("called", c.recv());
    }
  }

  @Test
  void eachOfManyRunsOnce() throws Exception {
    var ctx = Context.background().withCancel();
    int n = 1_000;
    Chan<Integer> calls = Chan.make(n);
    for (int i = 0; i < n; i++) {
      int k = i;
      ctx.afterFunc(() -> calls.send(k));
    }
    ctx.cancel();
    ctx.cancel();
    boolean[] seen = new boolean[n];
    for (int i = 0; i < n; i++) {
      int k = calls.recv();
      assertFalse(seen[k], "called twice");
      seen[k] = true;
    }
    assertNull(calls.tryRecv());
  }

  @Test
  void itRunsInTheContextOfWhoAskedForItNotOfTheCanceller() throws Exception {
    var ctx = Context.background().withCancel();
    Chan<Context> current = Chan.make();
    Context asker = Context.background().withValue(Context.Key.of("who"), "asker");
    asker.run(() -> ctx.afterFunc(() -> current.send(Context.current())));
    ctx.run(ctx::cancel);
    assertSame(asker, current.recv());

    var other = Context.background().withCancel();
    other.afterFunc(() -> current.send(Context.current()));
    other.run(other::cancel);
    assertSame(Context.background(), current.recv());
  }

  @Test
  @SuppressWarnings("NullAway") // the wrong use is what is tested
  void aMissingBodyIsRefusedAtOnce() {
    try (var ctx = Context.background().withCancel()) {
      assertThrows(NullPointerException.class, () -> ctx.afterFunc(null));
    }
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of your own")
  void aClosedSchedulerLeavesItToTheDefaultOne() throws Exception {
    var ctx = Context.background().withCancel();
    Context asker = Context.background().withValue(Context.Key.of("who"), "asker");
    Chan<Scheduler> where = Chan.make();
    Chan<Context> current = Chan.make(1);
    try (var s = Scheduler.builder().name("short").processors(1).build()) {
      Chan<Void> asked = Chan.make();
      s.go(
          () -> {
            asker.run(
                () ->
                    ctx.afterFunc(
                        () -> {
                          current.send(Context.current());
                          where.send(Scheduler.current());
                        }));
            asked.close();
          });
      awaitEnd(asked);
    }
    ctx.cancel();
    assertEquals(Go.select(where.onRecv(s -> s.name())), Scheduler.current().name());
    assertSame(asker, current.recv());
  }
}
