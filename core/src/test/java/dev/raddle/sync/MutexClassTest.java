package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The class that a holder of a mutex inherits from those who wait for it. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "classes of the own scheduler")
class MutexClassTest {
  private static final long LIMIT_NANOS = 30_000_000_000L;

  private final Mutex mutex = new Mutex();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  private void on(int processors, Body body) throws Exception {
    try (var s =
        Scheduler.builder().processors(processors).onUncaught((g, t) -> failures.add(t)).build()) {
      s.go(body);
    }
    for (Throwable t : failures) {
      throw new AssertionError(t);
    }
  }

  private void until(BooleanSupplier state) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!state.getAsBoolean()) {
      assertTrue(failures.isEmpty() && System.nanoTime() < end, "never came");
      Go.gosched();
    }
  }

  private boolean waiting(int n) {
    return mutex.toString().endsWith("waiting=" + n);
  }

  private static Goroutine me() {
    return Objects.requireNonNull(Goroutine.current());
  }

  private static void go(Priority p, Body body) {
    Scheduler.current().go(GoOptions.priority(p), body);
  }

  /** It may be queued in a class that does not run; so it must have the loan before it runs. */
  @Test
  void whoIsHandedTheLockHasTheClassOfThoseBehindAtOnce() throws Exception {
    on(
        1,
        () -> {
          var held = new AtomicBoolean();
          var release = new AtomicBoolean();
          var looked = new AtomicBoolean();
          var next = new AtomicReference<@Nullable Goroutine>();
          go(
              Priority.LOW,
              () -> {
                mutex.lock();
                held.set(true);
                until(release::get);
                assertEquals(Priority.HIGH, me().priority());
                mutex.unlock();
                assertEquals(Priority.LOW, me().priority());
                assertEquals(Priority.HIGH, Objects.requireNonNull(next.get()).priority());
                looked.set(true);
              });
          until(held::get);
          go(
              Priority.LOW,
              () -> {
                next.set(me());
                mutex.lock();
                until(looked::get);
                assertEquals(Priority.HIGH, me().priority());
                mutex.unlock();
                assertEquals(Priority.LOW, me().priority());
              });
          until(() -> waiting(1));
          long since = System.nanoTime();
          go(
              Priority.HIGH,
              () -> {
                mutex.lock();
                mutex.unlock();
              });
          until(() -> waiting(2) && System.nanoTime() - since > 2_000_000); // it is starving
          release.set(true);
        });
  }

  /** As if it lost its CPU between the CAS and the store of the owner. */
  @Test
  void whoLocksWithoutAWaitSeesThoseWhoCameMeanwhile() throws Exception {
    var state =
        MethodHandles.privateLookupIn(Mutex.class, MethodHandles.lookup())
            .findVarHandle(Mutex.class, "state", int.class);
    on(
        1,
        () -> {
          go(
              Priority.LOW,
              () -> {
                assertTrue((boolean) state.compareAndSet(mutex, 0, 1));
                go(
                    Priority.HIGH,
                    () -> {
                      mutex.lock();
                      mutex.unlock();
                    });
                until(() -> waiting(1));
                assertEquals(Priority.LOW, me().priority());
                mutex.owned();
                assertEquals(Priority.HIGH, me().priority());
                mutex.unlock();
                assertEquals(Priority.LOW, me().priority());
              });
        });
  }

  /** Whoever holds the lock runs in the highest class of those who wait, in every round. */
  @Test
  void noLoanIsLostOrStripped() throws Exception {
    int rounds = 10_000;
    on(
        2,
        () -> {
          var over = new AtomicInteger();
          for (Priority p : Priority.values()) {
            go(
                p,
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    mutex.lock();
                    until(() -> waiting(2) || over.get() > 0);
                    if (over.get() == 0) {
                      assertEquals(Priority.HIGH, me().priority(), p + " in round " + i);
                    }
                    mutex.unlock();
                    assertEquals(p, me().priority(), "after round " + i);
                  }
                  over.incrementAndGet();
                });
          }
        });
  }
}
