package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Schedulers as bulkheads. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "isolated schedulers are Raddle's own")
class LimitTest {
  @Test
  void oneMoreIsRefusedAndThereIsRoomAgainAfterAnEnd() throws Exception {
    try (var s = Scheduler.builder().name("small").maxGoroutines(2).build()) {
      Chan<Boolean> end = Chan.make();
      s.go(end::recv);
      s.go(end::recv);
      var e = assertThrows(RejectedExecutionException.class, () -> s.go(() -> {}));
      assertTrue(
          String.valueOf(e.getMessage()).contains("small: goroutines: expected at most 2"),
          e.getMessage());
      assertEquals(1, s.stats().refused());
      end.send(true);
      var ran = new WaitGroup();
      ran.add(1);
      while (!accepted(s, ran::done)) { // ends by the time limit
        Thread.yield();
      }
      ran.await();
      end.send(true);
    }
  }

  private static boolean accepted(Scheduler s, Body body) {
    try {
      s.go(body);
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  @Test
  void whoComesWaitsForRoom() throws Exception {
    try (var s = Scheduler.builder().maxGoroutines(3).waitWhenFull().build()) {
      var now = new AtomicInteger();
      var most = new AtomicInteger();
      var done = new WaitGroup();
      for (int k = 0; k < 4; k++) { // from goroutines elsewhere, and from this thread
        done.go(() -> spawnMany(s, now, most));
      }
      spawnMany(s, now, most);
      done.await();
      while (s.numGoroutine() > 0) { // ends by the time limit
        Go.sleep(Duration.ofMillis(1));
      }
      assertTrue(most.get() <= 3, "at most 3, found " + most);
    }
  }

  private static void spawnMany(Scheduler s, AtomicInteger now, AtomicInteger most) {
    for (int i = 0; i < 500; i++) {
      s.go(
          () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Go.gosched();
            now.decrementAndGet();
          });
    }
  }

  @Test
  void theBacklogIsBounded() throws Exception {
    try (var s = Scheduler.builder().processors(1).maxUnstarted(10).build()) {
      var inside = new WaitGroup();
      inside.add(1);
      var refused = new AtomicInteger();
      s.go(
          () -> {
            for (int i = 0; i < 15; i++) {
              if (!accepted(s, () -> {})) {
                refused.incrementAndGet();
              }
            }
            inside.done();
          });
      inside.await();
      assertEquals(5, refused.get());
      while (s.numGoroutine() > 0) { // ends by the time limit
        Go.sleep(Duration.ofMillis(1));
      }
      s.go(() -> {});
    }
  }

  @Test
  void aRefusedGoroutineOfAGroupIsNotWaitedFor() throws Exception {
    try (var s = Scheduler.builder().maxGoroutines(1).build()) {
      Chan<Boolean> end = Chan.make();
      s.go(end::recv);
      var group = new WaitGroup();
      assertThrows(RejectedExecutionException.class, () -> group.go(s, () -> {}));
      group.await();
      end.send(true);
    }
  }

  @Test
  void limitsArePositive() {
    var e =
        assertThrows(IllegalArgumentException.class, () -> Scheduler.builder().maxGoroutines(0));
    assertEquals("maxGoroutines: expected at least 1, found 0", e.getMessage());
  }

  /** Those that wait, those that are queued, and those that start later. */
  @Test
  void closeNowInterruptsAllAndDropsNone() throws Exception {
    var s = Scheduler.builder().processors(1).build();
    var interrupted = new AtomicInteger();
    int n = 1_000;
    Chan<Boolean> never = Chan.make();
    for (int i = 0; i < n; i++) {
      s.go(
          () -> {
            try {
              never.recv();
            } catch (InterruptedException e) {
              interrupted.incrementAndGet();
              s.go(
                  () -> {
                    try {
                      never.recv();
                    } catch (InterruptedException again) {
                      interrupted.incrementAndGet();
                    }
                  });
            }
          });
    }
    s.closeNow();
    assertEquals(2 * n, interrupted.get());
  }
}
