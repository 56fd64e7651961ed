package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of x/sync/semaphore/semaphore_test.go. */
@Timeout(60)
class SemaphoreTest {
  private static void untilWaiting(Semaphore s, int n) {
    while (!s.toString().endsWith("waiting=" + n)) {
      Thread.onSpinWait();
    }
  }

  /** Follows TestWeighted: never more than the size is out. */
  @Test
  void neverMoreThanTheSizeIsOut() throws Exception {
    int n = 8;
    var s = new Semaphore(n);
    var out = new AtomicLong();
    var wg = new WaitGroup();
    for (int i = 0; i < 2 * n; i++) {
      int units = i % n + 1;
      wg.go(
          () -> {
            for (int k = 0; k < 1_000; k++) {
              s.acquire(units);
              assertTrue(out.addAndGet(units) <= n);
              if (ThreadLocalRandom.current().nextInt(20) == 0) {
                Go.gosched();
              }
              out.addAndGet(-units);
              s.release(units);
            }
          });
    }
    wg.await();
    assertEquals("Semaphore taken=0 of 8 waiting=0", s.toString());
  }

  /** Follows TestWeightedPanic. */
  @Test
  void moreThanIsTakenCannotBeReleased() {
    var s = new Semaphore(1);
    assertEquals(
        "semaphore: released more than held: expected at most 0, found 1",
        assertThrows(IllegalStateException.class, () -> s.release(1)).getMessage());
    assertTrue(s.tryAcquire(1));
    s.release(1);
  }

  /** Follows TestWeightedTryAcquire. */
  @Test
  void tryTakesOnlyWhatIsThere() {
    var s = new Semaphore(2);
    assertTrue(s.tryAcquire(1));
    assertTrue(s.tryAcquire(1));
    assertFalse(s.tryAcquire(1));
    s.release(2);
    assertTrue(s.tryAcquire(1));
    assertTrue(s.tryAcquire(0));
  }

  /** Follows TestWeightedAcquire: a context bounds the wait. */
  @Test
  void aContextEndsTheWaitAndTakesNothing() throws Exception {
    var s = new Semaphore(2);
    s.acquire(Context.background(), 2);
    try (var brief = Context.background().withTimeout(Duration.ofMillis(10))) {
      assertThrows(DeadlineExceededException.class, () -> s.acquire(brief, 1));
    }
    s.release(2);
    assertTrue(s.tryAcquire(2));
  }

  /** Follows TestWeightedDoesntBlockIfTooBig: what can never be had keeps nobody else waiting. */
  @Test
  void whatIsTooMuchWaitsAlone() throws Exception {
    var s = new Semaphore(2);
    assertThrows(IllegalArgumentException.class, () -> s.acquire(3));
    try (var ctx = Context.background().withCancel()) {
      Chan<Boolean> ended = Chan.make(1);
      Go.go(
          () -> {
            assertThrows(CanceledException.class, () -> s.acquire(ctx, 3));
            ended.send(true);
          });
      for (int i = 0; i < 100; i++) {
        s.acquire(2);
        s.release(2);
      }
      ctx.cancel();
      ended.recv();
    }
  }

  /** Follows TestLargeAcquireDoesntStarve. */
  @Test
  void whoWantsManyIsNotOvertakenForEver() throws Exception {
    int n = 8;
    var s = new Semaphore(n);
    var wg = new WaitGroup();
    s.acquire(n);
    Chan<Void> stop = Chan.make();
    for (int i = 0; i < n; i++) {
      wg.go(
          () -> {
            while (stop.tryRecv() == null) {
              s.acquire(1);
              Go.gosched();
              s.release(1);
            }
          });
    }
    s.release(n);
    for (int i = 0; i < 20; i++) {
      s.acquire(n);
      s.release(n);
    }
    stop.close();
    wg.await();
  }

  /** Follows TestAllocCancelDoesntStarve: who gives up lets those behind go on. */
  @Test
  void whoGivesUpLetsThoseBehindGoOn() throws Exception {
    var s = new Semaphore(10);
    s.acquire(1);
    try (var ctx = Context.background().withCancel()) {
      Chan<Boolean> gaveUp = Chan.make(1);
      Go.go(
          () -> {
            assertThrows(CanceledException.class, () -> s.acquire(ctx, 10));
            gaveUp.send(true);
          });
      untilWaiting(s, 1);
      assertFalse(s.tryAcquire(1));
      ctx.cancel();
      s.acquire(1);
      gaveUp.recv();
    }
    s.release(2);
  }

  /** Follows TestWeightedAcquireCanceled: what came together with the end is given back. */
  @Test
  void nothingIsLostWhenTheEndComesTogetherWithTheUnits() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      var s = new Semaphore(1);
      s.acquire(1);
      try (var ctx = Context.background().withCancel()) {
        Chan<Boolean> got = Chan.make(1);
        Go.go(
            () -> {
              try {
                s.acquire(ctx, 1);
                got.send(true);
              } catch (CanceledException e) {
                got.send(false);
              }
            });
        untilWaiting(s, 1);
        Go.go(ctx::cancel);
        s.release(1);
        if (got.recv()) {
          s.release(1);
        }
        assertEquals("Semaphore taken=0 of 1 waiting=0", s.toString());
      }
    }
  }

  @Test
  void badNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Semaphore(-1));
    var s = new Semaphore(1);
    assertThrows(IllegalArgumentException.class, () -> s.acquire(-1));
    assertThrows(IllegalArgumentException.class, () -> s.tryAcquire(-1));
    assertThrows(IllegalArgumentException.class, () -> s.release(-1));
  }
}
