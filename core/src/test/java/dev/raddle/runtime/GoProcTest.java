package dev.raddle.runtime;

import static dev.raddle.Go.gosched;
import static dev.raddle.Go.lockOSThread;
import static dev.raddle.Go.orElse;
import static dev.raddle.Go.select;
import static dev.raddle.Go.unlockOSThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Case;
import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After the tests of Go's runtime/proc_test.go: progress, fairness, threads. */
@Timeout(120)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "schedulers of their own number of Ps")
class GoProcTest {
  /** Runs {@code body} as a goroutine of a scheduler with so many Ps. */
  private static void on(int procs, Body body) throws Exception {
    try (var s = Scheduler.builder().processors(procs).build()) {
      var done = new WaitGroup();
      var failure = new AtomicBoolean(true);
      done.go(
          s,
          () -> {
            body.run();
            failure.set(false);
          });
      done.await();
      assertEquals(false, failure.get(), "see above");
    }
  }

  /** Follows TestStopTheWorldDeadlock: collections, resizes and yields at the same time. */
  @Test
  void collectionsAndResizesBesideYields() throws Exception {
    on(
        3,
        () -> {
          var stop = new AtomicBoolean();
          var done = new WaitGroup();
          for (int i = 0; i < 6; i++) {
            done.go(
                () -> {
                  while (!stop.get()) {
                    gosched();
                  }
                });
          }
          for (int i = 0; i < 20; i++) {
            Scheduler.current().gomaxprocs(1 + i % 4);
            System.gc();
          }
          stop.set(true);
          done.await();
        });
  }

  /**
   * Follows TestYieldProgress and TestYieldLockedProgress: who yields does not keep another out.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoYieldsLetsOthersGoOn(boolean locked) throws Exception {
    on(
        1,
        () -> {
          Chan<Boolean> c = Chan.make();
          var stop = new AtomicBoolean();
          Go.go(
              () -> {
                if (locked) {
                  lockOSThread();
                }
                while (!stop.get()) {
                  gosched();
                }
                c.send(true);
              });
          Go.sleep(Duration.ofMillis(2));
          stop.set(true);
          assertTrue(c.recv());
        });
  }

  /** Follows TestYieldLocked: yields of a goroutine that is locked to its thread. */
  @Test
  void aLockedGoroutineYields() throws Exception {
    on(
        1,
        () -> {
          Chan<Boolean> c = Chan.make();
          Go.go(
              () -> {
                lockOSThread();
                for (int i = 0; i < 10; i++) {
                  gosched();
                  Go.sleep(Duration.ofMillis(1));
                }
                c.send(true); // ends locked: its thread goes with it
              });
          assertTrue(c.recv());
        });
  }

  /** Follows TestGoroutineParallelism and ...2: as many as there are Ps run at the same time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void asManyAsThereArePsRunTogether(boolean withCollections) throws Exception {
    int procs = 4;
    on(
        procs,
        () -> {
          for (int round = 0; round < 5; round++) {
            var turn = new AtomicInteger();
            var done = new WaitGroup();
            for (int p = 0; p < procs; p++) {
              int me = p;
              done.go(
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      int mine = procs * i + me;
                      while (turn.get() != mine) {
                        Thread.onSpinWait(); // never parks: each needs a P
                      }
                      turn.incrementAndGet();
                    }
                  });
            }
            if (withCollections) {
              System.gc();
            }
            done.await();
            assertEquals(3 * procs, turn.get());
          }
        });
  }

  /** Follows TestBlockLocked. */
  @Test
  void aLockedGoroutineBlocks() throws Exception {
    on(
        2,
        () -> {
          Chan<Boolean> c = Chan.make();
          Go.go(
              () -> {
                lockOSThread();
                for (int i = 0; i < 10; i++) {
                  c.send(true);
                }
                unlockOSThread();
              });
          for (int i = 0; i < 10; i++) {
            assertTrue(c.recv());
          }
        });
  }

  /** Follows TestTimerFairness and TestTimerFairness2: a timer beside goroutines always ready. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTimerIsServedBesideGoroutinesThatAreAlwaysReady(boolean byChannel) throws Exception {
    on(
        2,
        () -> {
          Chan<Boolean> c = Chan.make();
          var stop = new AtomicBoolean();
          var done = new WaitGroup();
          for (int i = 0; i < 2; i++) {
            done.go(
                () -> {
                  while (!stop.get()) {
                    if (byChannel) {
                      select(c.onSend(true, () -> 0), c.onRecv(v -> 0), orElse(() -> 0));
                    }
                    gosched();
                  }
                });
          }
          Go.after(Duration.ofMillis(5)).recv();
          stop.set(true);
          done.await();
        });
  }

  /** Follows TestPreemption and TestAsyncPreempt: two that never give way both get on. */
  @Test
  void twoThatNeverGiveWayBothGetOn() throws Exception {
    on(
        1,
        () -> {
          Chan<Boolean> c = Chan.make();
          var turn = new AtomicInteger();
          for (int g = 0; g < 2; g++) {
            int me = g;
            Go.go(
                () -> {
                  for (int i = 0; i < 10; i++) {
                    while (turn.get() % 2 != me) {
                      Thread.onSpinWait();
                    }
                    turn.incrementAndGet();
                  }
                  c.send(true);
                });
          }
          assertTrue(c.recv());
          assertTrue(c.recv());
        });
  }

  /** Follows TestPreemptionGC, TestGCFairness and ...2: collections beside busy goroutines. */
  @Test
  void collectionsBesideGoroutinesThatNeverPark() throws Exception {
    on(
        3,
        () -> {
          var stop = new AtomicBoolean();
          var work = new AtomicLong();
          var done = new WaitGroup();
          for (int i = 0; i < 5; i++) {
            done.go(
                () -> {
                  while (!stop.get()) {
                    work.lazySet(work.get() + new int[16].length);
                  }
                });
          }
          for (int i = 0; i < 5; i++) {
            gosched();
            System.gc();
          }
          stop.set(true);
          done.await();
          assertTrue(work.get() > 0);
        });
  }

  /** Follows TestPingPongHog: a pair that hands a token to and fro beside a hog, on one P. */
  @Test
  void aPairGetsItsShareBesideAHog() throws Exception {
    on(
        1,
        () -> {
          var stop = new AtomicBoolean();
          Chan<Boolean> ping = Chan.make();
          Chan<Boolean> pong = Chan.make();
          var done = new WaitGroup();
          done.go(
              () -> {
                while (!stop.get()) {
                  Thread.onSpinWait();
                }
              });
          done.go(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  ping.recv();
                  pong.send(true);
                }
              });
          for (int i = 0; i < 1_000; i++) {
            ping.send(true);
            pong.recv();
          }
          stop.set(true);
          done.await();
        });
  }

  /** Follows TestNumGoroutine: the count is that of the goroutines there are. */
  @Test
  void theNumberOfGoroutinesIsExactAtRest() throws Exception {
    try (var s = Scheduler.builder().processors(2).build()) {
      Chan<Boolean> end = Chan.make();
      for (int i = 0; i < 50; i++) {
        s.go(end::receive);
      }
      assertEquals(50, s.numGoroutine());
      end.close();
      while (s.numGoroutine() > 0 || !s.goroutines().isEmpty()) { // ends by the time limit
        Thread.yield();
      }
    }
  }

  /** Follows TestLockOSThreadNesting: as many unlocks as locks. */
  @Test
  void locksNest() throws Exception {
    on(
        2,
        () -> {
          lockOSThread();
          lockOSThread();
          unlockOSThread();
          long thread = osThread();
          for (int i = 0; i < 50; i++) {
            gosched();
            Go.sleep(Duration.ofNanos(100_000));
            assertEquals(thread, osThread(), "still locked");
          }
          unlockOSThread();
        });
  }

  /** Where the goroutine is mounted, by the name that only the thread itself has. */
  private static long osThread() {
    String text = Thread.currentThread().toString();
    return text.substring(text.indexOf('@') + 1).hashCode();
  }

  /** Follows TestPreemptionAfterSyscall: who comes back from a blocking call and hogs gives way. */
  @Test
  void whoHogsAfterABlockingCallGivesWay() throws Exception {
    on(
        2,
        () -> {
          var stop = new AtomicBoolean();
          var done = new WaitGroup();
          for (int i = 0; i < 2; i++) {
            done.go(
                () -> {
                  synchronized (this) {
                    this.wait(1);
                  }
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                });
          }
          for (int i = 0; i < 3; i++) {
            Go.sleep(Duration.ofMillis(2));
          }
          stop.set(true);
          done.await();
        });
  }

  /** Follows reflect's TestSelectMaxCases. */
  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  void aSelectMayHaveAsManyCasesAsInGo() throws Exception {
    int n = 65_536;
    @Nullable Case<Integer>[] cases = new Case[n];
    Chan<Integer> ready = Chan.make(1);
    for (int i = 0; i < n - 1; i++) {
      cases[i] = Chan.<Integer>make().onRecv(v -> -1);
    }
    cases[n - 1] = ready.onRecv(v -> v);
    ready.send(7);
    assertEquals(7, Go.<Integer>select(cases));
    @Nullable Case<Integer>[] more = Arrays.copyOf(cases, n + 1);
    assertThrows(IllegalArgumentException.class, () -> Go.<Integer>select(more));
  }
}
