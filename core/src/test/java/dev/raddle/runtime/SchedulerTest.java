package dev.raddle.runtime;

import static dev.raddle.Go.goexit;
import static dev.raddle.Go.gosched;
import static dev.raddle.Go.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "schedulers of one's own")
class SchedulerTest {
  private static final class Box {
    volatile @Nullable Object value;
  }

  private static Scheduler one() {
    return Scheduler.builder().name("one").processors(1).build();
  }

  private static void runOn(Scheduler s, Body body) throws Exception {
    var failure = new Box();
    var wg = new WaitGroup();
    wg.go(
        s,
        () -> {
          try {
            body.run();
          } catch (Throwable t) {
            failure.value = t;
          }
        });
    wg.await();
    if (failure.value instanceof Throwable t) {
      throw new AssertionError(t);
    }
  }

  @Test
  void gomaxprocsReturnsThePreviousNumberAndAsksWithZero() {
    try (var s = Scheduler.builder().processors(3).build()) {
      assertEquals(3, s.gomaxprocs(5));
      assertEquals(5, s.gomaxprocs(0));
      assertEquals(5, s.gomaxprocs(1));
      assertEquals(1, s.gomaxprocs(-1));
      assertThrows(IllegalArgumentException.class, () -> s.gomaxprocs(1025));
    }
  }

  @Test
  void aSchedulerHas1To1024Ps() {
    for (int n : new int[] {Integer.MIN_VALUE, -1, 0, 1025, Integer.MAX_VALUE}) {
      var e = assertThrows(IllegalArgumentException.class, () -> Scheduler.builder().processors(n));
      assertEquals("processors: expected 1 to 1024, found " + n, e.getMessage());
    }
    try (var s = Scheduler.builder().processors(1024).build()) {
      assertEquals(1024, s.gomaxprocs(0));
    }
  }

  @Test
  void atMostGomaxprocsGoroutinesRunAtOnce() throws Exception {
    try (var s = Scheduler.builder().processors(4).build()) {
      s.gomaxprocs(1);
      var running = new AtomicInteger();
      var most = new AtomicInteger();
      var wg = new WaitGroup();
      for (int i = 0; i < 1000; i++) {
        wg.go(
            s,
            () -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              running.decrementAndGet();
              gosched();
            });
      }
      wg.await();
      assertTrue(most.get() <= 4, () -> "ran at once: " + most);
    }
  }

  @Test
  void aGoroutineKnowsItself() throws Exception {
    assertNull(Goroutine.current());
    var names = new CopyOnWriteArrayList<String>();
    var seen = new CopyOnWriteArrayList<Goroutine>();
    Body look =
        () -> {
          Goroutine me = Goroutine.current();
          if (me != null) {
            seen.add(me);
            names.add(String.valueOf(me.name()));
          }
        };
    try (var s = one()) {
      s.go(look);
      s.go(GoOptions.name("painter"), look, () -> names.add("ended"));
    }
    assertEquals(2, seen.size());
    assertNotEquals(seen.get(0), seen.get(1));
    assertNotEquals(seen.get(0).id(), seen.get(1).id());
    assertTrue(names.containsAll(List.of("null", "painter", "ended")), names::toString);
  }

  @Test
  void onlyGoroutinesAreListed() throws Exception {
    try (var s = one()) {
      Chan<Boolean> begun = Chan.make();
      Chan<Boolean> end = Chan.make();
      s.go(
          () -> {
            begun.close();
            end.receive();
          });
      begun.receive();
      try {
        assertEquals(1, s.goroutines().size(), s.goroutines()::toString);
      } finally {
        end.close();
      }
    }
  }

  @Test
  void goexitRunsFinallyAndEndsOnlyTheCaller() throws Exception {
    try (var s = one()) {
      var events = new CopyOnWriteArrayList<String>();
      var wg = new WaitGroup();
      wg.go(
          s,
          () -> {
            try {
              goexit();
            } finally {
              events.add("finally");
            }
            events.add("not reached");
          });
      wg.go(s, () -> events.add("other"));
      wg.await();
      assertEquals(2, events.size(), events::toString);
      assertFalse(events.contains("not reached"));
    }
    assertThrows(IllegalStateException.class, Go::goexit);
  }

  @Test
  void theUncaughtHandlerGetsTheThrowableAndOthersGoOn() throws Exception {
    BlockingQueue<Throwable> caught = new LinkedBlockingQueue<>();
    try (var s = Scheduler.builder().processors(1).onUncaught((g, t) -> caught.add(t)).build()) {
      var boom = new IllegalStateException("boom");
      s.go(
          () -> {
            throw boom;
          });
      assertEquals(boom, caught.poll(30, TimeUnit.SECONDS));
      runOn(s, () -> {});
    }
  }

  @Test
  void closeWaitsForGoroutinesAndRefusesNewOnes() {
    var ended = new AtomicBoolean();
    var s = one();
    s.go(
        () -> {
          sleep(Duration.ofMillis(20));
          ended.set(true);
        });
    s.close();
    assertTrue(ended.get());
    assertThrows(IllegalStateException.class, () -> s.go(() -> {}));
  }

  @Test
  void nothingLeaksFromOneGoroutineToTheNext() throws Exception {
    var local = new ThreadLocal<String>();
    try (var s = one()) {
      var leaks = new CopyOnWriteArrayList<String>();
      var wg = new WaitGroup();
      for (int i = 0; i < 200; i++) {
        wg.go(
            s,
            () -> {
              Thread t = Thread.currentThread();
              if (local.get() != null) {
                leaks.add("thread-local");
              }
              if (t.isInterrupted()) {
                leaks.add("interrupt");
              }
              if (!t.getName().isEmpty()) {
                leaks.add("name");
              }
              local.set("x");
              t.setName("x");
              t.interrupt();
            });
      }
      wg.await();
      assertEquals(List.of(), leaks);
    }
  }

  @Test
  void higherPrioritiesRunFirst() throws Exception {
    try (var s = one()) {
      var order = new CopyOnWriteArrayList<String>();
      runOn(
          s,
          () -> {
            var wg = new WaitGroup();
            wg.go(GoOptions.priority(Priority.LOW), () -> order.add("low"));
            wg.go(() -> order.add("normal"));
            wg.go(GoOptions.priority(Priority.HIGH), () -> order.add("high"));
            wg.await();
          });
      assertEquals(List.of("high", "normal", "low"), order);
    }
  }

  @Test
  void lowPriorityMovesUnderLoad() throws Exception {
    try (var s = one()) {
      var stop = new AtomicBoolean();
      var wg = new WaitGroup();
      for (int i = 0; i < 2; i++) {
        wg.go(
            s,
            () -> {
              while (!stop.get()) {
                gosched();
              }
            });
      }
      s.go(GoOptions.priority(Priority.LOW), () -> stop.set(true));
      wg.await();
    }
  }

  @Test
  void hogsDoNotStarveASleeper() throws Exception {
    try (var s = one()) {
      var stop = new AtomicBoolean();
      var wg = new WaitGroup();
      for (int i = 0; i < 2; i++) {
        wg.go(
            s,
            () -> {
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
      }
      runOn(
          s,
          () -> {
            for (int i = 0; i < 10; i++) {
              sleep(Duration.ofMillis(1));
            }
            stop.set(true);
          });
      wg.await();
    }
  }

  @Test
  void aGoroutineOfNothingIsRefused() {
    assertEquals(
        "go of nil func value",
        assertThrows(NullPointerException.class, () -> Go.go(nothing())).getMessage());
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // the mistake under test
  private static Body nothing() {
    return null;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theJdksWaysOfBlockingWork(int processors) throws Exception {
    try (var s = Scheduler.builder().processors(processors).build()) {
      var lock = new ReentrantLock();
      var monitor = new Object();
      var count = new int[2];
      var wg = new WaitGroup();
      for (int i = 0; i < 50; i++) {
        wg.go(
            s,
            () -> {
              Thread.sleep(1);
              synchronized (monitor) {
                count[0]++;
                monitor.wait(1);
              }
              lock.lock();
              try {
                count[1]++;
                gosched();
              } finally {
                lock.unlock();
              }
              assertThrows(
                  TimeoutException.class,
                  () -> new CompletableFuture<String>().get(1, TimeUnit.MILLISECONDS));
            });
      }
      wg.await();
      assertEquals(List.of(50, 50), List.of(count[0], count[1]));
    }
  }

  @Test
  void threadsStartedInsideUseChannelsToo() throws Exception {
    try (var s = one()) {
      runOn(
          s,
          () -> {
            Chan<Integer> ch = Chan.make();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
              int n = i;
              threads.add(
                  Thread.startVirtualThread(
                      () -> {
                        try {
                          ch.send(n);
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                      }));
            }
            int sum = 0;
            for (int i = 0; i < 10; i++) {
              sum += ch.recv();
            }
            assertEquals(45, sum);
            for (Thread t : threads) {
              t.join();
            }
          });
    }
  }

  @Test
  void aPinnedSchedulerStaysOnItsCpu() throws Exception {
    int cpu = Cpu.available()[0];
    try (var s = Scheduler.builder().processors(1).pinToCpus(cpu).build()) {
      runOn(s, () -> assertEquals(cpu, Cpu.current()));
    }
    assertThrows(IllegalArgumentException.class, () -> Scheduler.builder().pinToCpus(1_000_000));
  }

  @Test
  void aThreadThatOutlivesItsSchedulerGoesOn() throws Exception {
    var woke = new CompletableFuture<String>();
    try (var s = one()) {
      runOn(
          s,
          () ->
              Thread.startVirtualThread(
                  () -> {
                    try {
                      Thread.sleep(100);
                      Thread.sleep(5);
                      woke.complete("woke");
                    } catch (InterruptedException e) {
                      woke.completeExceptionally(e);
                    }
                  }));
    }
    assertEquals("woke", woke.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aDeadlineOutlivesTheSchedulerOnWhichItWasSet() throws Exception {
    var made = new CompletableFuture<CancelContext>();
    try (var s = one()) {
      runOn(s, () -> made.complete(Context.background().withTimeout(Duration.ofMillis(100))));
    }
    try (var ctx = made.get()) {
      var done = new CompletableFuture<String>();
      Go.go(
          () -> {
            ctx.done().receive();
            done.complete(String.valueOf(ctx.err()));
          });
      assertTrue(done.get(10, TimeUnit.SECONDS).contains("deadline exceeded"));
    }
  }

  @Test
  void aGoroutineSpawnedDuringACloseRunsOrIsRefused() throws Exception {
    for (int round = 0; round < 500; round++) {
      var s = one();
      var ran = new AtomicBoolean();
      var spawner =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  s.go(() -> ran.set(true));
                  return true;
                } catch (IllegalStateException e) {
                  return false;
                }
              });
      s.close();
      boolean accepted = spawner.get(10, TimeUnit.SECONDS);
      assertEquals(accepted, ran.get(), "round " + round);
    }
  }

  @Test
  void goroutinesThatNobodyCanWakeAreReclaimedAndCounted() throws Exception {
    try (var s = one()) {
      var started = new WaitGroup();
      for (int i = 0; i < 1000; i++) {
        started.add(1);
        s.go(
            () -> {
              started.done();
              Chan.make().recv();
            });
      }
      started.await();
      while (s.numGoroutine() > 0) { // ends by the time limit of the class
        System.gc();
        gosched();
      }
      assertEquals(1000, s.numReclaimed());
    } // closes, although none of them ended
  }

  @Test
  void threadsOfAFactoryThatNobodyCanWakeAreReclaimedAndCounted() throws Exception {
    try (var s = one()) {
      var started = new WaitGroup();
      Runnable leak =
          () -> {
            started.done();
            assertThrows(InterruptedException.class, () -> Chan.make().recv());
          };
      started.add(1000);
      for (int i = 0; i < 500; i++) { // from here, and from a goroutine: two ways to start
        s.threadFactory().newThread(leak).start();
        s.go(() -> s.threadFactory().newThread(leak).start());
      }
      started.await();
      while (s.numGoroutine() > 0) { // ends by the time limit of the class
        System.gc();
        gosched();
      }
      assertEquals(1000, s.numReclaimed());
    }
  }

  @Test
  void aGoroutineThatSomebodyCanWakeIsNotReclaimed() throws Exception {
    try (var s = one()) {
      Chan<String> ch = Chan.make();
      Chan<String> back = Chan.make();
      var lock = new Object();
      var parked = new CompletableFuture<Thread>();
      s.go(() -> back.send(ch.recv()));
      s.go(
          () -> {
            parked.complete(Thread.currentThread());
            LockSupport.park(lock);
            back.send("unparked");
          });
      Thread t = parked.get();
      for (int i = 0; i < 5; i++) {
        System.gc();
      }
      assertEquals(0, s.numReclaimed());
      ch.send("received");
      assertEquals("received", back.recv());
      LockSupport.unpark(t);
      assertEquals("unparked", back.recv());
    }
  }

  @Test
  void aGoroutineTellsItsStateLabelsAndParent() throws Exception {
    try (var s = one()) {
      Chan<Goroutine> self = Chan.make(1);
      Chan<Integer> gate = Chan.make();
      var parent = new Box();
      runOn(
          s,
          () -> {
            parent.value = Goroutine.current();
            s.go(
                GoOptions.name("labelled").withLabel("request", "7").withLabel("user", "a"),
                () -> {
                  self.send(Objects.requireNonNull(Goroutine.current()));
                  gate.recv();
                });
          });
      Goroutine g = self.recv();
      assertEquals(Map.of("request", "7", "user", "a"), g.labels());
      assertEquals("labelled", g.name());
      assertEquals(((Goroutine) Objects.requireNonNull(parent.value)).id(), g.parentId());
      assertNull(g.creationSite());
      while (g.state() != Goroutine.State.WAITING) {
        Thread.onSpinWait();
      }
      assertEquals("chan receive", g.waitReason());
      assertTrue(s.goroutines().contains(g));
      gate.send(1);
      while (g.state() != Goroutine.State.ENDED) {
        Thread.onSpinWait();
      }
      assertNull(g.waitReason());
    }
  }
}
