package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What a scheduler counts. */
@Timeout(60)
class SchedulerStatsTest {
  private static Map<Priority, Long> byClass(long high, long normal, long low) {
    return Map.of(Priority.HIGH, high, Priority.NORMAL, normal, Priority.LOW, low);
  }

  /** Ends by the time limit. */
  private static SchedulerStats await(Scheduler s, Predicate<SchedulerStats> state)
      throws InterruptedException {
    for (; ; ) {
      SchedulerStats now = s.stats();
      if (state.test(now)) {
        return now;
      }
      Thread.sleep(1);
    }
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the queues of the own scheduler")
  void whatCanRunIsCountedByClassWhereverItIs() throws Exception {
    var seen = new AtomicReference<@Nullable SchedulerStats>();
    try (var s = Scheduler.builder().processors(1).build()) {
      var done = new WaitGroup();
      done.go(
          s,
          () -> {
            for (Priority p : Priority.values()) {
              for (int i = 0; i < 300 * (1 + p.ordinal()); i++) { // some overflow
                s.go(GoOptions.priority(p).withName(p.name()), () -> {});
              }
            }
            var late = GoOptions.priority(Priority.LOW).withDeadline(Duration.ofHours(1));
            s.go(late, () -> {});
            seen.set(s.stats());
          });
      done.await();
      SchedulerStats idle = await(s, now -> now.goroutines() == 0 && now.idle() == 1);
      assertEquals(byClass(0, 0, 0), idle.runnable());
      assertEquals(0, idle.started());
    }
    SchedulerStats stats = Objects.requireNonNull(seen.get());
    // an estimate once the spawner, which does not park, was handed off: others run beside it then
    long queued = stats.runnable().values().stream().mapToLong(n -> n).sum();
    assertTrue(Math.abs(stats.goroutines() - 1 - queued) <= 4, stats::toString);
    assertTrue(Math.abs(stats.unstarted() - queued) <= 4, stats::toString);
    assertEquals(1, stats.processors());
    assertTrue(stats.running() + stats.idle() <= 2, stats::toString);
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the queues of the own scheduler")
  void classesAreToldApart() throws Exception {
    Map<Priority, Long> wanted = byClass(1, 2, 3);
    while (!spawnedByClass().runnable().equals(wanted)) { // handed off; ends by the time limit
      Thread.onSpinWait();
    }
  }

  private static SchedulerStats spawnedByClass() throws Exception {
    var seen = new AtomicReference<@Nullable SchedulerStats>();
    try (var s = Scheduler.builder().processors(1).build()) {
      var done = new WaitGroup();
      done.go(
          s,
          () -> {
            for (Priority p : Priority.values()) {
              for (int i = 0; i <= p.ordinal(); i++) {
                s.go(GoOptions.priority(p), () -> {});
              }
            }
            seen.set(s.stats());
          });
      done.await();
    }
    return Objects.requireNonNull(seen.get());
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "limits of the own scheduler")
  void whoIsRefusedAndWhoWaitsIsCounted() throws Exception {
    Chan<Boolean> end = Chan.make();
    try (var s = Scheduler.builder().maxGoroutines(1).waitWhenFull().build()) {
      s.go(end::recv);
      var spawners = new WaitGroup();
      for (int i = 0; i < 3; i++) {
        spawners.go(() -> s.go(() -> {}));
      }
      await(s, now -> now.waiting() == 3);
      end.send(true);
      spawners.await();
      assertEquals(0, s.stats().waiting());
      assertEquals(0, s.stats().refused());
    }
    try (var s = Scheduler.builder().maxUnstarted(1).processors(1).build()) {
      var refused = new WaitGroup();
      refused.go(
          s,
          () -> {
            s.go(() -> {});
            for (int i = 0; i < 3; i++) {
              try {
                s.go(() -> {});
              } catch (RejectedExecutionException full) {
                // counted
              }
            }
          });
      refused.await();
      assertEquals(3, s.stats().refused());
    }
  }

  @Test
  void goroutinesThatWaitAreStarted() throws Exception {
    Scheduler s = Scheduler.current();
    Chan<Boolean> end = Chan.make();
    SchedulerStats before = s.stats();
    for (int i = 0; i < 10; i++) {
      Go.go(end::recv);
    }
    await(s, now -> now.started() >= before.started() + 10);
    end.close();
    await(s, now -> now.started() <= before.started());
  }
}
