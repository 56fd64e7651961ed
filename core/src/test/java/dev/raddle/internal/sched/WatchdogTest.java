package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Looks with instants of its own, so that no test waits for the limit. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's state")
class WatchdogTest {
  private static final long SECOND = 1_000_000_000;

  private final ProcSched sched =
      new ProcSched(new SchedConfig("watched", 2, new int[0], 16, true));
  private final List<String> reports = new ArrayList<>();
  private final Watchdog dog = new Watchdog(sched, reports::add);
  private final long start = Clock.nanoTime();

  @AfterEach
  void close() throws Exception {
    sched.close();
  }

  private void look(int fromSecond, int toSecond) {
    for (int i = fromSecond; i <= toSecond; i++) {
      dog.look(start + i * SECOND);
    }
  }

  private static G body(Runnable task) {
    return new G() {
      @Override
      protected void body() {
        task.run();
      }
    };
  }

  @Test
  void workThatNobodyWasWokenForIsNamedOnce() throws Exception {
    var ran = new CountDownLatch(1);
    sched.global.push(G.NORMAL, ran::countDown);
    look(0, 9);
    assertEquals(List.of(), reports);
    look(10, 40);
    assertEquals(1, reports.size(), reports::toString);
    String text = reports.getFirst();
    assertTrue(text.contains("scheduler watched is stuck"), text);
    assertTrue(text.contains("work is queued, a P is idle and nobody searches"), text);
    assertTrue(text.contains("global queue=has work"), text);
    sched.wakep();
    ran.await();
  }

  @Test
  void aSearcherThatNeverEndsIsNamed() {
    sched.searchers.set(1);
    look(0, 10);
    assertEquals(1, reports.size());
    assertTrue(reports.getFirst().contains("counted as searching"), reports::getFirst);
    sched.searchers.set(0);
  }

  @Test
  void aTimerThatNobodyRunsIsNamed() {
    var timer =
        new Timer(start + 3600 * SECOND) {
          @Override
          protected void fire() {}
        };
    sched.addTimer(timer);
    while (sched.keeper.get() == null || sched.procs.idle.size() < 2) { // ends by the time limit
      Thread.onSpinWait();
    }
    look(0, 3609);
    assertEquals(List.of(), reports);
    look(3610, 3630);
    assertEquals(1, reports.size());
    assertTrue(reports.getFirst().contains("a timer is overdue by 21 s"), reports::getFirst);
    timer.cancel();
  }

  @Test
  void aQuietSchedulerIsNotStuck() {
    look(0, 100);
    assertEquals(List.of(), reports);
  }

  @Test
  void aHogIsNotStuck() throws Exception {
    var running = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    sched.spawn(
        body(
            () -> {
              running.countDown();
              while (end.getCount() > 0) {
                Thread.onSpinWait();
              }
            }));
    running.await();
    while (sched.searchers.get() > 0 || sched.procs.idle.isEmpty()) { // ends by the time limit
      Thread.onSpinWait();
    }
    look(0, 100);
    assertEquals(List.of(), reports);
    end.countDown();
  }

  @Test
  void aGapBetweenLooksBeginsAnew() {
    sched.searchers.set(1);
    look(0, 9);
    look(60, 69);
    assertEquals(List.of(), reports);
    look(70, 70);
    assertEquals(1, reports.size());
    sched.searchers.set(0);
  }
}
