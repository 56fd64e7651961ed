package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** An interrupt is for one goroutine; its thread may go on with others. */
@Timeout(60)
class GoroutineInterruptTest {
  private static final int LIMIT_SECONDS = 40;

  private static Goroutine me() {
    return Objects.requireNonNull(Goroutine.current());
  }

  @Test
  void endsAWait() throws Exception {
    var self = new CompletableFuture<Goroutine>();
    var end = new CompletableFuture<String>();
    Go.go(
        () -> {
          self.complete(me());
          try {
            Chan.make().recv();
          } catch (InterruptedException e) {
            end.complete("interrupted");
          }
        });
    assertTrue(self.get(LIMIT_SECONDS, TimeUnit.SECONDS).interrupt());
    assertEquals("interrupted", end.get(LIMIT_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void doesNothingAfterTheEnd() throws Exception {
    var self = new CompletableFuture<Goroutine>();
    var group = new WaitGroup();
    group.go(() -> self.complete(me()));
    group.await();
    Goroutine g = self.get();
    while (g.state() != Goroutine.State.ENDED) { // ends by the time limit of the class
      Thread.onSpinWait();
    }
    assertFalse(g.interrupt());
  }

  /**
   * On one P goroutines follow each other on one thread. Every other one is interrupted, by a
   * thread that is told of it at its very end; none of those between may notice.
   */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the JDK's scheduler gives each goroutine a thread")
  void neverReachesTheNextGoroutineOfTheThread() throws Exception {
    var target = new AtomicReference<@Nullable Goroutine>();
    var stop = new AtomicBoolean();
    var hits = new AtomicInteger();
    var reached = new AtomicInteger();
    var threads = ConcurrentHashMap.<Thread>newKeySet();
    Thread interrupter =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    Goroutine g = target.get();
                    if (g != null && g.interrupt()) {
                      reached.incrementAndGet();
                    }
                  }
                });
    int n = 200_000;
    try (var s = Scheduler.builder().name("interrupts").processors(1).build()) {
      s.go(
          () -> {
            for (int i = 0; i < n; i++) {
              if (i == 0) {
                Go.go(
                    () -> {
                      target.set(me());
                      while (reached.get() == 0) { // the interrupter is at work from now on
                        Thread.onSpinWait();
                      }
                    });
              } else if (i % 2 == 0) {
                Go.go(() -> target.set(me()));
              } else {
                Go.go(
                    () -> {
                      threads.add(Thread.currentThread());
                      if (Thread.currentThread().isInterrupted()) {
                        hits.incrementAndGet();
                      }
                    });
              }
            }
          });
    }
    stop.set(true);
    interrupter.join();
    assertTrue(threads.size() < n / 2, "no thread was used again");
    assertEquals(0, hits.get(), "interrupts that came to the next goroutine");
  }

  /** The facts of docs/jdk.md: what a captured thread means after the end of its goroutine. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the JDK's scheduler gives each goroutine a thread")
  void aCapturedThreadAndALockThatIsLeftLockedAreTheNextGoroutines() throws Exception {
    var first = new AtomicReference<@Nullable Thread>();
    var lock = new ReentrantLock();
    var same = new AtomicBoolean();
    var owned = new AtomicBoolean();
    var interrupted = new AtomicBoolean();
    try (var s = Scheduler.builder().name("captured").processors(1).build()) {
      s.go(
          () -> {
            first.set(Thread.currentThread());
            lock.lock(); // and never unlocked
            Go.go(
                () -> {
                  Thread captured = Objects.requireNonNull(first.get());
                  same.set(captured == Thread.currentThread());
                  owned.set(lock.isHeldByCurrentThread());
                  captured.interrupt();
                  interrupted.set(Thread.interrupted());
                });
          });
    }
    assertTrue(same.get() && owned.get() && interrupted.get());
  }
}
