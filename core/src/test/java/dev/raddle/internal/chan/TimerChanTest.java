package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What is not visible through {@code Timer} and {@code Ticker}. */
@Timeout(120)
class TimerChanTest {
  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final Object BLOCKED = new Object();

  private static void collected(Supplier<TimerChan> maker) throws InterruptedException {
    List<WeakReference<TimerChan>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(new WeakReference<>(maker.get()));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (all.stream().anyMatch(r -> r.get() != null)) {
      assertTrue(System.nanoTime() - deadline < 0, "not collected");
      System.gc();
      Thread.sleep(10);
    }
  }

  /** Follows Go's TestTimerGC (time/tick_test.go). */
  @Test
  void nobodyReferencesItAnyMoreThenItIsGarbage() throws Exception {
    collected(() -> new TimerChan(HOUR, 0));
    collected(() -> new TimerChan(HOUR, HOUR));
    collected(
        () -> {
          var c = new TimerChan(HOUR, HOUR);
          c.stop();
          c.reset(HOUR, 0);
          return c;
        });
  }

  @Test
  void onceWaitedForItIsGarbageAllTheSame() throws Exception {
    abandoned(c -> assertEquals(Select.TIMEOUT, select(c).run(1)));
    abandoned(
        c -> {
          Thread.currentThread().interrupt();
          assertThrows(InterruptedException.class, () -> c.recv(null));
        });
    abandoned(
        c -> {
          Thread.currentThread().interrupt();
          assertThrows(InterruptedException.class, () -> select(c).run(-1));
        });
  }

  private interface Wait {
    void on(TimerChan c) throws InterruptedException;
  }

  private static void abandoned(Wait wait) throws InterruptedException {
    collected(
        () -> {
          var c = new TimerChan(HOUR, 0);
          try {
            wait.on(c);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return c;
        });
  }

  private static Select select(Hchan c) {
    return new Select(new Hchan[] {c}, new boolean[1], new @Nullable Object[1]);
  }

  /** Follows Go's TestOverflowPeriodRuntimeTimer (time/sleep_test.go). */
  @Test
  void thePeriodAfterTheFirstTickMayBeHuge() throws Exception {
    var c = new TimerChan(0, Long.MAX_VALUE);
    assertNotNull(c.recv(null));
    for (int i = 0; i < 100; i++) {
      assertSame(BLOCKED, c.tryRecv(BLOCKED, null));
    }
    assertTrue(c.stop());
  }

  @Test
  void aTickThatIsDueIsTakenOnceAndTheMissedOnesAreDropped() throws Exception {
    long period = HOUR;
    var c = new TimerChan(0, period);
    assertNotNull(c.recv(null));
    assertSame(BLOCKED, c.tryRecv(BLOCKED, null));
    assertTrue(c.reset(0, period));
    assertNotNull(c.tryRecv(BLOCKED, null));
    assertSame(BLOCKED, c.tryRecv(BLOCKED, null));
  }

  /** A goroutine in a select may hold the lock for long, and need the thread that fires. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of your own")
  void firingDoesNotWaitForTheLock() throws Exception {
    try (var one = Scheduler.builder().name("one").processors(1).build()) {
      var c = new TimerChan(HOUR, 0);
      var waiting = new WaitGroup();
      waiting.go(one, () -> assertNotNull(c.recv(null)));
      while (!hasReceiver(c)) {
        Thread.onSpinWait();
      }
      var reset = new CountDownLatch(1);
      one.go(
          () -> { // here, so that the alarm is in this scheduler's heap
            c.reset(Duration.ofMillis(200).toNanos(), 0);
            reset.countDown();
          });
      assertTrue(reset.await(60, TimeUnit.SECONDS));
      c.lock();
      try {
        var ran = new CountDownLatch(1);
        var slept = new CountDownLatch(1);
        one.go(
            () -> {
              ran.countDown();
              Go.sleep(Duration.ofMillis(400)); // past the alarm
              slept.countDown();
            });
        assertTrue(ran.await(60, TimeUnit.SECONDS));
        assertTrue(slept.await(30, TimeUnit.SECONDS), "the only P waits for the lock");
      } finally {
        c.unlock();
      }
      waiting.await();
      assertFalse(c.stop());
    }
  }

  private static boolean hasReceiver(Hchan c) {
    c.lock();
    try {
      return !c.receivers.isEmpty();
    } finally {
      c.unlock();
    }
  }
}
