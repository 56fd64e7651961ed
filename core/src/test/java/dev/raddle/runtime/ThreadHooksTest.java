package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Threads of a scheduler tell of their start and their end. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's threads")
class ThreadHooksTest {
  private final Set<Thread> started = ConcurrentHashMap.newKeySet();
  private final Set<Thread> stopped = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  private void starts(Thread t) {
    if (t != Thread.currentThread() || t.isVirtual() || !started.add(t)) {
      wrong.add("start of " + t);
    }
    if (Goroutine.current() != null) {
      wrong.add("a goroutine in the hook");
    }
  }

  private void stops(Thread t) {
    if (t != Thread.currentThread() || !started.contains(t) || !stopped.add(t)) {
      wrong.add("stop of " + t);
    }
  }

  @Test
  void eachThreadTellsOfBothBeforeCloseReturns() throws Exception {
    var s =
        Scheduler.builder()
            .processors(2)
            .onThreadStart(this::starts)
            .onThreadStop(this::stops)
            .build();
    var both = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      s.go(
          () -> {
            both.countDown();
            while (both.getCount() > 0) {
              Thread.onSpinWait(); // two threads
            }
          });
    }
    both.await();
    assertTrue(started.size() >= 2, started::toString);
    s.close();
    assertEquals(started, stopped);
    assertEquals(List.of(), List.copyOf(wrong));
  }

  @Test
  void aThreadThatEndsWithItsLockedGoroutineTells() throws Exception {
    var s = Scheduler.builder().processors(1).onThreadStop(stopped::add).build();
    s.submit(
            () -> {
              Go.lockOSThread();
              return null;
            })
        .get();
    while (stopped.isEmpty()) { // ends by the time limit
      Thread.onSpinWait();
    }
    assertEquals(7, s.submit(() -> 7).get());
    s.close();
  }

  /** It also interrupts itself, which would keep an M from ever parking. */
  @Test
  void whatAHookThrowsIsReportedAndHarmsNobody() throws Exception {
    List<Throwable> reported = new ArrayList<>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(
        (t, e) -> {
          synchronized (reported) {
            reported.add(e);
          }
          throw new IllegalStateException("the handler fails as well");
        });
    try {
      var s =
          Scheduler.builder()
              .processors(1)
              .onThreadStart(
                  t -> {
                    t.interrupt();
                    throw new IllegalArgumentException("start");
                  })
              .onThreadStop(
                  t -> {
                    throw new AssertionError("stop");
                  })
              .build();
      assertFalse(s.submit(Thread::interrupted).get());
      s.close();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    synchronized (reported) {
      assertTrue(reported.stream().anyMatch(t -> "start".equals(t.getMessage())));
      assertTrue(reported.stream().anyMatch(t -> "stop".equals(t.getMessage())));
    }
  }

  @Test
  void goroutinesThatAHookStartsAreOfTheScheduler() throws Exception {
    var schedulers = new ConcurrentLinkedQueue<Scheduler>();
    var s =
        Scheduler.builder()
            .processors(1)
            .onThreadStart(
                t -> {
                  if (schedulers.isEmpty()) {
                    schedulers.add(Scheduler.current());
                    Go.go(() -> schedulers.add(Scheduler.current()));
                  }
                })
            .build();
    s.submit(() -> 1).get();
    s.close();
    assertEquals(2, schedulers.size());
    assertEquals(Set.of(s), Set.copyOf(schedulers));
    assertNull(Goroutine.current());
    assertNotSame(s, Scheduler.current());
  }
}
