package dev.raddle.runtime;

import static dev.raddle.Go.gosched;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing waits for ever beside goroutines that can always run, whatever becomes of its P. */
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's Ps")
class StarvationTest {
  private static final long LIMIT_SECONDS = 30;

  private final AtomicBoolean stop = new AtomicBoolean();

  private void yieldUntilStopped() {
    while (!stop.get()) {
      gosched();
    }
  }

  private void hogUntil(CountDownLatch latch) {
    while (latch.getCount() > 0 && !stop.get()) {
      Thread.onSpinWait();
    }
  }

  private void assertEnds(CountDownLatch latch, String what) throws InterruptedException {
    boolean ended = latch.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    stop.set(true);
    assertTrue(ended, what);
  }

  @Test
  void timersOfAPThatIsGivenUpAreServed() throws Exception {
    int procs = 4;
    try (var s = Scheduler.builder().processors(procs).build()) {
      var armed = new CountDownLatch(procs);
      var woken = new CountDownLatch(procs);
      for (int i = 0; i < procs; i++) {
        s.go(
            () -> {
              armed.countDown();
              hogUntil(armed); // so that each has a P of its own
              Go.sleep(Duration.ofMillis(100));
              woken.countDown();
            });
      }
      armed.await();
      s.gomaxprocs(1);
      s.go(this::yieldUntilStopped);
      s.go(this::yieldUntilStopped);
      assertEnds(woken, "a sleeper on a P that is gone");
    }
  }

  @Test
  void timersOfAPThatWasHandedOffAreServed() throws Exception {
    try (var s = Scheduler.builder().processors(1).build()) {
      var woken = new CountDownLatch(1);
      var others = new CountDownLatch(1);
      s.go(
          () -> {
            s.go(
                () -> {
                  Go.sleep(Duration.ofMillis(300));
                  woken.countDown();
                });
            gosched(); // it sleeps now
            s.go(others::countDown);
            hogUntil(others); // ends when another P has the right to run
            yieldUntilStopped();
          });
      others.await();
      s.go(this::yieldUntilStopped);
      assertEnds(woken, "a sleeper on a P that was handed off");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatIsQueuedBehindAHogRunsBesideThoseThatAlwaysCan(int procs) throws Exception {
    try (var s = Scheduler.builder().processors(procs).build()) {
      var ran = new CountDownLatch(20);
      for (int p = 0; p < procs; p++) {
        s.go(
            () -> {
              s.go(this::yieldUntilStopped);
              for (int i = 0; i < 20 / procs; i++) {
                s.go(ran::countDown);
              }
              hogUntil(ran);
            });
      }
      assertEnds(ran, "goroutines that were queued behind a hog");
    }
  }
}
