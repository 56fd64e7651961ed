package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of goroutines on a thread of the user's. */
@Timeout(60)
class UserWorkerTest {
  @Test
  void callsRunOnTheDrivingThreadOneAfterAnother() throws Exception {
    var worker = new UserWorker();
    Thread here = Thread.currentThread();
    var inside = new AtomicInteger();
    List<Integer> results = new ArrayList<>();
    var done = new WaitGroup();
    for (int i = 0; i < 100; i++) {
      int n = i;
      done.go(
          () -> {
            int twice =
                worker.call(
                    () -> {
                      assertSame(here, Thread.currentThread());
                      assertNull(Goroutine.current());
                      assertEquals(1, inside.incrementAndGet());
                      results.add(n);
                      inside.decrementAndGet();
                      return 2 * n;
                    });
            assertEquals(2 * n, twice);
          });
    }
    Go.go(
        () -> {
          done.await();
          worker.close();
        });
    worker.run();
    assertEquals(100, results.size());
  }

  @Test
  void aFailureIsTheCallers() throws Exception {
    var worker = new UserWorker();
    var failure = new AtomicReference<@Nullable Throwable>();
    var done = new WaitGroup();
    done.go(
        () ->
            failure.set(
                assertThrows(
                    IOException.class,
                    () ->
                        worker.call(
                            () -> {
                              throw new IOException("there");
                            }))));
    while (worker.runPending() == 0) { // ends by the time limit
      Thread.onSpinWait();
    }
    done.await();
    assertTrue(String.valueOf(failure.get()).endsWith("there"));
    worker.close();
  }

  @Test
  void anInterruptBeforeItBeganTakesTheCallBack() throws Exception {
    var worker = new UserWorker();
    var me = new AtomicReference<@Nullable Thread>();
    var done = new WaitGroup();
    done.go(
        () -> {
          me.set(Thread.currentThread());
          assertThrows(InterruptedException.class, () -> worker.call(() -> 1));
        });
    while (me.get() == null) { // ends by the time limit
      Thread.onSpinWait();
    }
    me.get().interrupt();
    done.await();
    assertEquals(0, worker.queued()); // nor does its body stay until somebody drives
    assertEquals(0, worker.runPending());
    worker.close();
  }

  /** As SWT's syncExec; parked it would wait for itself. */
  @Test
  void aCallOfTheDrivingThreadRunsAtOnce() throws Exception {
    var worker = new UserWorker();
    assertEquals(0, worker.runPending()); // from now on this thread drives
    assertEquals(1, worker.call(() -> 1));
    var done = new WaitGroup();
    done.go(() -> assertEquals(3, worker.call(() -> 1 + worker.call(() -> 2))));
    while (worker.runPending() == 0) { // ends by the time limit
      Thread.onSpinWait();
    }
    done.await();
    assertThrows(
        IOException.class,
        () ->
            worker.call(
                () -> {
                  throw new IOException("here");
                }));
    worker.close();
    assertThrows(RejectedExecutionException.class, () -> worker.call(() -> 1));
  }

  @Test
  void aSecondDriverIsRefusedUntilTheFirstHasEnded() throws Exception {
    var worker = new UserWorker();
    var first =
        Thread.ofPlatform()
            .name("first")
            .start(
                () -> {
                  try {
                    worker.run();
                  } catch (InterruptedException e) {
                    // the end of this driver
                  }
                });
    assertEquals("first", worker.call(() -> Thread.currentThread().getName()));
    var e = assertThrows(IllegalStateException.class, worker::runPending);
    assertTrue(String.valueOf(e.getMessage()).contains("first"), e.getMessage());
    assertThrows(IllegalStateException.class, worker::run);
    assertThrows(IllegalStateException.class, () -> worker.runFor(Duration.ZERO));
    first.interrupt();
    first.join();
    assertEquals(0, worker.runPending());
    worker.close();
  }

  @Test
  void whatACloseDropsIsNotKept() throws Exception {
    var worker = new UserWorker();
    var done = new WaitGroup();
    for (int i = 0; i < 20; i++) {
      done.go(() -> assertThrows(RejectedExecutionException.class, () -> worker.call(() -> 1)));
    }
    while (worker.queued() < 20) { // ends by the time limit
      Thread.onSpinWait();
    }
    worker.close();
    done.await();
    assertTrue(worker.queued() <= 1, "what wakes the driver: " + worker.queued());
  }

  @Test
  void aClosedOneRefuses() throws Exception {
    var worker = new UserWorker();
    var refused = new AtomicInteger();
    var done = new WaitGroup();
    for (int i = 0; i < 20; i++) {
      done.go(
          () -> {
            assertThrows(RejectedExecutionException.class, () -> worker.call(() -> 1));
            refused.incrementAndGet();
          });
    }
    worker.close();
    done.await();
    worker.run(); // returns at once
    assertEquals(20, refused.get());
  }

  @Test
  void aFrameRunsForItsTime() throws Exception {
    var worker = new UserWorker();
    long start = System.nanoTime();
    assertEquals(0, worker.runFor(Duration.ofMillis(5)));
    assertTrue(System.nanoTime() - start >= 5_000_000);
    worker.close();
  }
}
