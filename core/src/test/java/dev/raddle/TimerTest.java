package dev.raddle;

import static dev.raddle.Go.after;
import static dev.raddle.Go.afterFunc;
import static dev.raddle.Go.go;
import static dev.raddle.Go.newTimer;
import static dev.raddle.Go.select;
import static dev.raddle.Go.sleep;
import static dev.raddle.Times.HOUR;
import static dev.raddle.Times.ms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timers and sleep; the tests named here are those of Go's time/sleep_test.go. */
@Timeout(120)
class TimerTest {
  /** Follows TestSleep. */
  @Test
  void sleepLastsAtLeastItsTime() throws Exception {
    long start = System.nanoTime();
    sleep(ms(20));
    assertTrue(System.nanoTime() - start >= ms(20).toNanos());
  }

  /** Follows TestSleepZeroDeadlock. */
  @Test
  void sleepOfNothingSurvivesCollections() throws Exception {
    var done = new WaitGroup();
    done.go(
        () -> {
          for (int i = 0; i < 10; i++) {
            System.gc();
          }
        });
    done.go(
        () -> {
          Chan<Integer> one = Chan.make(1);
          for (int i = 0; i < 100; i++) {
            sleep(Duration.ZERO);
            one.send(i);
            assertEquals(i, one.recv());
          }
        });
    done.await();
  }

  /** Follows TestAfterFunc: each body runs in a goroutine of its own, however long others take. */
  @Test
  void afterFuncRunsEachBodyInItsOwnGoroutine() throws Exception {
    Chan<Void> end = Chan.make();
    Chan<Goroutine> last = Chan.make();
    var left = new AtomicInteger(10);
    afterFunc(Duration.ZERO, () -> chained(left, end, last));
    assertTrue(last.recv().id() > 0);
    end.close();
  }

  private static void chained(AtomicInteger left, Chan<Void> end, Chan<Goroutine> last)
      throws InterruptedException {
    if (left.getAndDecrement() > 0) {
      afterFunc(Duration.ZERO, () -> chained(left, end, last));
      end.recv();
    } else {
      last.send(Objects.requireNonNull(Goroutine.current()));
    }
  }

  /** Follows TestAfterFuncStarvation. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of your own")
  void goroutinesThatAreAlwaysReadyDoNotStarveAfterFunc() throws Exception {
    try (var one = Scheduler.builder().name("one").processors(1).build()) {
      var wg = new WaitGroup();
      var stop = new AtomicBoolean();
      Chan<Integer> c = Chan.make(1);
      wg.go(
          one,
          () -> {
            while (!stop.get()) {
              c.send(1);
            }
            c.close();
          });
      wg.go(
          one,
          () -> {
            afterFunc(Duration.ofNanos(1000), () -> stop.set(true));
            for (int n : c) {
              assertEquals(1, n);
            }
          });
      wg.await();
    }
  }

  /** Follows TestAfter. */
  @Test
  void afterGivesTheTimeWhenItWasDue() throws Exception {
    Instant wall = Instant.now();
    long start = System.nanoTime();
    Instant due = after(ms(20)).recv();
    assertTrue(System.nanoTime() - start >= ms(20).toNanos());
    assertFalse(due.isBefore(wall), "unless the clock was set back");
  }

  /** Follows TestAfterTimes (time/tick_test.go). */
  @Test
  void aLateLookGetsTheTimeWhenItWasDue() throws Exception {
    for (int i = 0; i < 10; i++) {
      Instant start = Instant.now();
      var c = after(ms(10));
      sleep(ms(400));
      if (Duration.between(start, c.recv()).compareTo(ms(300)) < 0) {
        return;
      }
    }
    throw new AssertionError("always late");
  }

  /** Follows TestAfterTick. */
  @Test
  void tenAftersLastTenTimesTheirDelay() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      after(ms(10)).recv();
    }
    assertTrue(System.nanoTime() - start >= ms(100).toNanos());
  }

  /** Follows TestAfterStop. */
  @ParameterizedTest
  @EnumSource
  void aStoppedTimerDoesNotFireBesideALaterOne(Times.Kind kind) throws Exception {
    for (int tries = 5; ; tries--) {
      var t0 = kind.timer(ms(500));
      Chan<Boolean> c1 = Chan.make(1);
      var t1 = afterFunc(ms(510), () -> c1.send(true));
      var c2 = after(ms(600));
      boolean first = t0.stop();
      boolean second = t1.stop();
      c2.recv();
      if (first && second) {
        assertNull(t0.c().tryRecv());
        assertNull(c1.tryRecv());
        assertFalse(t0.stop());
        assertFalse(t1.stop());
        return;
      }
      assertTrue(tries > 0, "stop came too late, or says so");
    }
  }

  /** Follows TestAfterQueuing. */
  @ParameterizedTest
  @EnumSource
  void timersComeInOrderOfTheirTimes(Times.Kind kind) throws Exception {
    for (int delta = 20; ; delta *= 2) {
      List<Integer> order = order(kind, delta);
      if (order.equals(order.stream().sorted().toList())) {
        return;
      }
      assertTrue(delta < 1000, order::toString);
    }
  }

  private static List<Integer> order(Times.Kind kind, int delta) throws Exception {
    int[] slots = {5, 3, 6, 6, 6, 1, 1, 2, 7, 9, 4, 8, 0};
    record Result(int slot, boolean early) {}
    Chan<Result> results = Chan.make(slots.length);
    for (int slot : slots) {
      long start = System.nanoTime();
      var t = kind.timer(ms((long) slot * delta));
      go(
          () -> {
            t.c().recv();
            long took = System.nanoTime() - start;
            results.send(new Result(slot, took < ms((long) slot * delta).toNanos()));
          });
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < slots.length; i++) {
      Result r = results.recv();
      assertFalse(r.early());
      order.add(r.slot());
    }
    return order;
  }

  /** Follows TestTimerStopStress: whoever raced, the body ran or stop prevented it, never both. */
  @Test
  void stopTellsWhetherTheCallWasPrevented() throws Exception {
    var wg = new WaitGroup();
    var surprise = new AtomicInteger();
    for (int i = 0; i < 1000; i++) {
      int n = i;
      wg.go(
          () -> {
            var ran = new AtomicInteger();
            Chan<Void> done = Chan.make();
            var t =
                afterFunc(
                    Duration.ofNanos(n * 1000L),
                    () -> {
                      ran.incrementAndGet();
                      done.close();
                    });
            sleep(Duration.ofNanos(n * 997L));
            if (t.stop()) {
              sleep(ms(5));
              surprise.addAndGet(ran.get());
            } else {
              done.receive();
            }
            if (t.stop()) {
              surprise.incrementAndGet();
            }
          });
    }
    wg.await();
    assertEquals(0, surprise.get());
  }

  /** Follows TestReset. */
  @ParameterizedTest
  @EnumSource
  void resetStartsAnewAndTellsWhetherItWasActive(Times.Kind kind) throws Exception {
    var t = kind.timer(HOUR);
    assertTrue(t.reset(HOUR));
    assertNull(t.c().tryRecv());
    long start = System.nanoTime();
    assertTrue(t.reset(ms(20)));
    t.c().recv();
    assertTrue(System.nanoTime() - start >= ms(20).toNanos());
    assertFalse(t.reset(HOUR));
    assertNull(t.c().tryRecv());
    assertTrue(t.stop());
    assertFalse(t.reset(Duration.ofSeconds(-1)));
    t.c().recv();
    assertFalse(t.stop());
  }

  /** Follows TestOverflowSleep. */
  @Test
  void hugeTimesNeverEndAndNegativeOnesAtOnce() throws Exception {
    var big = Duration.ofSeconds(Long.MAX_VALUE);
    var slept = new CompletableFuture<String>();
    Thread sleeper =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    sleep(big);
                    slept.complete("over");
                  } catch (InterruptedException e) {
                    slept.complete("interrupted");
                  }
                });
    assertEquals(
        "small", select(after(big).onRecv(v -> "big"), after(ms(25)).onRecv(v -> "small")));
    sleep(big.negated());
    after(big.negated()).recv();
    sleeper.interrupt();
    assertEquals("interrupted", slept.get());
  }

  /** Follows TestIssue5745: a failure inside leaves no lock behind. */
  @Test
  @SuppressWarnings("NullAway") // the wrong use
  void aWrongUseLeavesTheTimerUsable() throws Exception {
    var t = newTimer(HOUR);
    assertThrows(NullPointerException.class, () -> t.reset(null));
    assertThrows(NullPointerException.class, () -> newTimer(null));
    assertThrows(NullPointerException.class, () -> afterFunc(HOUR, null));
    assertTrue(t.stop());
  }

  /** Follows TestZeroTimer. */
  @ParameterizedTest
  @EnumSource
  void noTimerOfNoTimeIsLost(Times.Kind kind) throws Exception {
    var wg = new WaitGroup();
    wg.go(
        () -> {
          for (int i = 0; i < 20_000; i++) {
            kind.timer(Duration.ZERO).c().recv();
          }
          var cached = kind.timer(HOUR);
          for (int i = 0; i < 20_000; i++) {
            cached.reset(Duration.ZERO);
            cached.c().recv();
          }
        });
    wg.await();
  }

  /** Follows TestTimerModifiedEarlier. */
  @ParameterizedTest
  @EnumSource
  void aTimerMovedEarlierIsNotLost(Times.Kind kind) throws Exception {
    var past = Duration.between(Instant.now(), Instant.EPOCH);
    for (int i = 0; i < 1000; i++) {
      var t = kind.timer(HOUR);
      for (int j = 0; j < 10; j++) {
        if (!t.stop()) {
          t.c().recv();
        }
        t.reset(past);
      }
      t.c().recv();
    }
  }

  /** Follows TestAdjustTimers, once through its states for each of many timers side by side. */
  @ParameterizedTest
  @EnumSource
  void timersMovedToAndFroAreNotLost(Times.Kind kind) throws Exception {
    var wg = new WaitGroup();
    var wrong = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      wg.go(
          () -> {
            var t = kind.timer(Duration.ZERO);
            t.c().recv();
            for (int minutes : new int[] {1, 3, 2}) {
              if (t.reset(Duration.ofMinutes(minutes)) || !t.stop()) {
                wrong.incrementAndGet();
              }
            }
            if (t.reset(Duration.ZERO)) {
              wrong.incrementAndGet();
            }
            t.c().recv();
          });
    }
    wg.await();
    assertEquals(0, wrong.get());
  }

  /** Follows TestStopResult and TestResetResult. */
  @Test
  void stopAndResetSayFalseOnlyIfTheValueWasReceived() throws Exception {
    var wg = new WaitGroup();
    var wrong = new AtomicInteger();
    for (int i = 0; i < 200; i++) {
      boolean stops = i % 2 == 0;
      wg.go(
          () -> {
            for (int j = 0; j < 50; j++) {
              var t1 = newTimer(ms(1));
              var t2 = newTimer(ms(1));
              var loser = select(t1.c().onRecv(v -> t2), t2.c().onRecv(v -> t1));
              if (!(stops ? loser.stop() : loser.reset(HOUR)) || loser.c().tryRecv() != null) {
                wrong.incrementAndGet();
              }
            }
          });
    }
    wg.await();
    assertEquals(0, wrong.get());
  }

  /** Follows TestMultiWakeupTimer. */
  @Test
  void manyGoroutinesResetOneTimer() throws Exception {
    var t = newTimer(Duration.ofNanos(1));
    var wg = new WaitGroup();
    for (int i = 0; i < 4; i++) {
      wg.go(
          () -> {
            for (int j = 0; j < 10_000; j++) {
              t.c().tryRecv();
              t.reset(Duration.ofNanos(1));
            }
          });
    }
    wg.await();
    t.c().recv();
  }

  @Test
  void onlyOneOfManyReceiversGetsTheValueAndTheyAreServedInTurn() throws Exception {
    var t = newTimer(HOUR);
    var got = new AtomicInteger();
    var wg = new WaitGroup();
    for (int i = 0; i < 8; i++) {
      wg.go(
          () -> {
            t.c().recv();
            got.incrementAndGet();
            t.reset(Duration.ZERO); // for the next
          });
    }
    assertEquals(0, got.get());
    t.reset(ms(1));
    wg.await();
    assertEquals(8, got.get());
  }

  @Test
  void platformAndForeignThreadsReceiveAndRunBodies() throws Exception {
    for (var builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      var result = new LinkedBlockingQueue<String>();
      builder.start(
          () -> {
            try {
              newTimer(ms(1)).c().recv();
              Chan<Integer> never = Chan.make();
              result.add(select(never.onRecv(v -> "never"), after(ms(1)).onRecv(v -> "after")));
              afterFunc(ms(1), () -> result.add("goroutine " + (Goroutine.current() != null)));
            } catch (InterruptedException e) {
              result.add("interrupted");
            }
          });
      assertEquals("after", result.poll(60, TimeUnit.SECONDS));
      assertEquals("goroutine true", result.poll(60, TimeUnit.SECONDS));
    }
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of your own")
  void timersOutliveTheSchedulerOnWhichTheyWereMade() throws Exception {
    var ran = new LinkedBlockingQueue<String>();
    var timers = new LinkedBlockingQueue<Timer>();
    try (var s = Scheduler.builder().name("short").processors(1).build()) {
      s.go(
          () -> {
            timers.add(newTimer(ms(50)));
            timers.add(afterFunc(ms(50), () -> ran.add("run")));
            timers.add(afterFunc(HOUR, () -> ran.add("never")));
          });
    }
    timers.take().c().recv();
    assertEquals("run", ran.poll(60, TimeUnit.SECONDS));
    assertFalse(timers.take().stop());
    assertTrue(timers.take().stop());
  }

  @Test
  void afterFuncHasTheNilChannel() {
    var t = afterFunc(HOUR, () -> {});
    assertEquals("nil chan", t.c().toString());
    assertNull(t.c().tryRecv());
    assertTrue(t.stop());
  }
}
