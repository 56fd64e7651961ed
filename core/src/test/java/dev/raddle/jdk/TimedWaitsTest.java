package dev.raddle.jdk;

import static dev.raddle.jdk.On.SHORT;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Body;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Waits of the JDK that end by themselves, and not too early. */
class TimedWaitsTest {
  private static final int GOROUTINES = 50;
  private static final long NANOS = SHORT.toNanos();

  /** Every one of many takes its time, even on one P: they wait at the same time. */
  private static void takesItsTime(On on, Body wait) throws Exception {
    on.run(
        () ->
            On.all(
                GOROUTINES,
                i -> {
                  long start = System.nanoTime();
                  wait.run();
                  long took = System.nanoTime() - start;
                  assertTrue(took >= NANOS, () -> took + " ns");
                }));
  }

  @OnEach
  void threadSleep(On on) throws Exception {
    takesItsTime(on, () -> Thread.sleep(SHORT));
  }

  @OnEach
  void objectWait(On on) throws Exception {
    takesItsTime(
        on,
        () -> {
          var monitor = new Object();
          long end = System.nanoTime() + NANOS;
          synchronized (monitor) {
            for (long left = NANOS; left > 0; left = end - System.nanoTime()) {
              monitor.wait(NANOSECONDS.toMillis(left) + 1);
            }
          }
        });
  }

  @OnEach
  void parkNanos(On on) throws Exception {
    takesItsTime(
        on,
        () -> {
          long end = System.nanoTime() + NANOS;
          for (long left = NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
        });
  }

  @OnEach
  void futureGet(On on) throws Exception {
    takesItsTime(
        on,
        () ->
            assertThrows(
                TimeoutException.class,
                () -> new CompletableFuture<String>().get(NANOS, NANOSECONDS)));
  }

  @OnEach
  void conditionAwait(On on) throws Exception {
    takesItsTime(
        on,
        () -> {
          var lock = new ReentrantLock();
          lock.lock();
          try {
            var never = lock.newCondition();
            for (long left = NANOS; left > 0; ) {
              left = never.awaitNanos(left);
            }
          } finally {
            lock.unlock();
          }
        });
  }

  @OnEach
  void queueLatchAndTryLock(On on) throws Exception {
    var held = new ReentrantLock();
    held.lock();
    takesItsTime(on, () -> assertNull(new SynchronousQueue<>().poll(NANOS, NANOSECONDS)));
    takesItsTime(on, () -> assertFalse(new CountDownLatch(1).await(NANOS, NANOSECONDS)));
    takesItsTime(on, () -> assertFalse(held.tryLock(NANOS, NANOSECONDS)));
  }

  @OnEach
  void aWaitThatIsEndedEarlyDoesNotLast(On on) throws Exception {
    on.run(
        () ->
            On.all(
                GOROUTINES,
                i -> {
                  var monitor = new Object();
                  var told = new boolean[1];
                  var teller =
                      On.start(
                          dev.raddle.runtime.Scheduler.current(),
                          () -> {
                            synchronized (monitor) {
                              told[0] = true;
                              monitor.notifyAll();
                            }
                          });
                  synchronized (monitor) {
                    while (!told[0]) {
                      monitor.wait(TimeUnit.DAYS.toMillis(1));
                    }
                  }
                  On.await(teller);
                }));
  }

  @OnEach
  void aScheduledExecutorWakesGoroutines(On on) throws Exception {
    try (var timer = new ScheduledThreadPoolExecutor(1)) {
      on.run(
          () ->
              On.all(
                  GOROUTINES,
                  i ->
                      assertEquals(
                          i,
                          timer
                              .schedule(() -> i, NANOS, NANOSECONDS)
                              .get(On.LIMIT_SECONDS, TimeUnit.SECONDS))));
    }
  }
}
