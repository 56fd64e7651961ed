package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Timed waits of the JDK inside goroutines are entries of our heaps, and leave them when they end.
 */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's timers")
class ForeignTimersTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int GOROUTINES = 20;

  private interface Wait {
    void run() throws Exception;
  }

  private static Map<String, Wait> waits() {
    return Map.of(
        "Thread.sleep", () -> Thread.sleep(LONG),
        "parkNanos", () -> LockSupport.parkNanos(LONG.toNanos()),
        "Object.wait", ForeignTimersTest::waitOnAnObject,
        "Future.get", () -> new CompletableFuture<String>().get(1, TimeUnit.HOURS),
        "BlockingQueue.poll", () -> new LinkedBlockingQueue<String>().poll(1, TimeUnit.HOURS),
        "CountDownLatch.await", () -> new CountDownLatch(1).await(1, TimeUnit.HOURS),
        "Condition.await", ForeignTimersTest::waitOnACondition,
        "Thread.join", () -> Thread.currentThread().join(LONG));
  }

  static Iterable<String> names() {
    return waits().keySet();
  }

  private static void waitOnAnObject() throws InterruptedException {
    var monitor = new Object();
    synchronized (monitor) {
      while (true) { // ends by an interrupt
        monitor.wait(LONG.toMillis());
      }
    }
  }

  private static void waitOnACondition() throws InterruptedException {
    var lock = new ReentrantLock();
    lock.lock();
    try {
      var never = lock.newCondition();
      for (boolean woken = true; woken; ) {
        woken = never.await(1, TimeUnit.HOURS);
      }
    } finally {
      lock.unlock();
    }
  }

  private static int timers(ProcSched sched) {
    int sum = 0;
    for (Slot slot : sched.procs.slots()) {
      sum += slot.timers.size();
    }
    return sum;
  }

  /** Ends by the time limit of the class. */
  private static void awaitTimers(ProcSched sched, int n) {
    while (timers(sched) != n) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void areInOurHeapsUntilTheyEnd(String name) throws Exception {
    Wait wait = Objects.requireNonNull(waits().get(name));
    for (int processors = 1; processors <= 2; processors++) {
      var sched =
          ProcSched.isolated(
              new SchedConfig("timed", processors, new int[0], SchedConfig.QUEUE_CAPACITY, true));
      var ended = new CountDownLatch(GOROUTINES);
      assertEquals(0, timers(sched));
      for (int i = 0; i < GOROUTINES; i++) {
        sched.spawn(
            new G() {
              @Override
              protected void body() throws Exception {
                try {
                  wait.run();
                } catch (InterruptedException e) {
                  // as it should end
                } finally {
                  ended.countDown();
                }
              }
            });
      }
      awaitTimers(sched, GOROUTINES);
      assertEquals(GOROUTINES, ended.getCount());
      sched.forEachStarted(G::interrupt);
      ended.await();
      awaitTimers(sched, 0);
      sched.close();
    }
  }
}
