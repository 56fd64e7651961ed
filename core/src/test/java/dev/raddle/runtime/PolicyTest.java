package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.internal.sched.G;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies in place of the default order. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "policies are of the own scheduler")
class PolicyTest {
  /** Last come, first served, and nobody named "unwanted". */
  private static final class Lifo implements Policy {
    @Override
    public Policy.Queue newQueue(int processor) {
      return new Policy.Queue() {
        private final ArrayDeque<Goroutine> stack = new ArrayDeque<>();

        @Override
        public void add(Goroutine g) {
          stack.push(g);
        }

        @Override
        public @Nullable Goroutine next() {
          return stack.poll();
        }
      };
    }

    @Override
    public boolean admits(Goroutine g) {
      return !"unwanted".equals(g.name());
    }
  }

  @Test
  void aPolicyDecidesWhoIsNextAndWhoIsAccepted() throws Exception {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    try (var s = Scheduler.builder().processors(1).policy(new Lifo()).build()) {
      var done = new WaitGroup();
      done.go(
          s,
          () -> {
            for (int i = 0; i < 5; i++) {
              int n = i;
              done.go(s, () -> order.add(n));
            }
          });
      done.await();
      assertThrows(
          RejectedExecutionException.class, () -> s.go(GoOptions.name("unwanted"), () -> {}));
    }
    assertEquals(List.of(4, 3, 2, 1, 0), order);
  }

  /** Channels, timers, blocking calls, resizing and stealing go on as ever. */
  @Test
  void everythingWorksUnderAPolicy() throws Exception {
    try (var s = Scheduler.builder().processors(4).policy(new Lifo()).build()) {
      Chan<Integer> numbers = Chan.make();
      Chan<Integer> doubled = Chan.make(3);
      var done = new WaitGroup();
      int n = 2_000;
      for (int w = 0; w < 8; w++) {
        done.go(
            s,
            () -> {
              for (int x : numbers) {
                if (x % 100 == 0) {
                  Go.sleep(Duration.ofMillis(1));
                }
                if (x % 333 == 0) {
                  Thread.sleep(1);
                }
                doubled.send(2 * x);
              }
            });
      }
      s.go(
          () -> {
            for (int i = 0; i < n; i++) {
              numbers.send(i);
              if (i == n / 2) {
                s.gomaxprocs(2);
              }
            }
            numbers.close();
          });
      long sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Objects.requireNonNull(doubled.recv());
      }
      assertEquals((long) n * (n - 1), sum);
      done.await();
    }
  }

  /** Two tenants that always have something to run, with weights 1 and 3, on one P. */
  @Test
  void weightedFairSharesTimeByWeight() throws Exception {
    var policy =
        new WeightedFair(g -> g.labels().getOrDefault("tenant", ""), Map.of("big", 3, "small", 1));
    var big = new AtomicLong();
    var small = new AtomicLong();
    try (var s = Scheduler.builder().processors(1).policy(policy).build()) {
      var stop = new AtomicBoolean();
      var done = new WaitGroup();
      // the small one has many goroutines: fair among groups, not among goroutines
      spin(s, done, "big", 1, stop, big);
      spin(s, done, "small", 10, stop, small);
      while (small.get() < 100_000_000) { // ends by the time limit
        Thread.sleep(5);
      }
      stop.set(true);
      done.await();
    }
    double ratio = (double) big.get() / small.get();
    assertTrue(ratio > 1.5 && ratio < 6, "expected about 3, found " + ratio);
  }

  private static void spin(
      Scheduler s,
      WaitGroup done,
      String tenant,
      int goroutines,
      AtomicBoolean stop,
      AtomicLong mine) {
    for (int i = 0; i < goroutines; i++) {
      done.add(1);
      s.go(
          GoOptions.none().withLabel("tenant", tenant),
          () -> {
            while (!stop.get()) {
              long start = System.nanoTime();
              while (System.nanoTime() - start < 200_000) {
                Thread.onSpinWait();
              }
              mine.addAndGet(System.nanoTime() - start);
              Go.gosched();
            }
          },
          done::done);
    }
  }

  /** Each P has its own shares, and what is stolen keeps its group: nobody starves. */
  @Test
  void weightedFairOnTwoPsStarvesNobody() throws Exception {
    var policy = new WeightedFair(g -> g.labels().getOrDefault("tenant", ""), Map.of("big", 100));
    try (var s = Scheduler.builder().processors(2).policy(policy).build()) {
      var stop = new AtomicBoolean();
      var done = new WaitGroup();
      var big = new AtomicLong();
      var small = new AtomicLong();
      spin(s, done, "big", 8, stop, big);
      spin(s, done, "small", 8, stop, small);
      while (small.get() < 10_000_000 || big.get() < 10_000_000) { // ends by the time limit
        Thread.sleep(5);
      }
      stop.set(true);
      done.await();
    }
  }

  @Test
  void weightedFairPicksWhoHadTheLeastForItsWeight() {
    var policy = new WeightedFair(g -> String.valueOf(g.name()), Map.of("big", 3));
    Policy.Queue queue = policy.newQueue(0);
    Goroutine big = named("big");
    Goroutine small = named("small");
    queue.add(big);
    queue.add(small);
    var turns = new StringBuilder();
    for (int i = 0; i < 40; i++) { // each runs for as long
      Goroutine g = Objects.requireNonNull(queue.next());
      turns.append(g.name()).append(' ');
      queue.ran(g, 1_000);
      queue.add(g);
    }
    assertEquals(30, turns.toString().split("big", -1).length - 1, turns::toString);
    // one that comes back does not catch up on what it did not use
    Goroutine late = named("late");
    queue.add(late);
    int inARow = 0;
    Goroutine next = queue.next();
    while (late.equals(next)) {
      inARow++;
      queue.ran(late, 1_000);
      queue.add(late);
      next = queue.next();
    }
    assertTrue(inARow <= 1, "in a row: " + inARow);
  }

  private static Goroutine named(String name) {
    var g =
        new G() {
          @Override
          protected void body() {}
        };
    g.name(name);
    return new Goroutine(g);
  }

  // ---- stealing ----

  /** Lets Ps steal from nobody, or from all; counts looks, and takes from each queue. */
  private static final class Thieves implements Policy {
    private final boolean steal;
    private final int rounds;
    final AtomicInteger looks = new AtomicInteger();
    final AtomicIntegerArray taken = new AtomicIntegerArray(64);
    final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    /** The queue from which the goroutine was taken that was taken last. */
    volatile int last = -1;

    Thieves(boolean steal, int rounds) {
      this.steal = steal;
      this.rounds = rounds;
    }

    @Override
    public Policy.Queue newQueue(int processor) {
      return new Policy.Queue() {
        private final ArrayDeque<Goroutine> queue = new ArrayDeque<>();

        @Override
        public void add(Goroutine g) {
          queue.add(g);
        }

        @Override
        public @Nullable Goroutine next() {
          taken.incrementAndGet(processor);
          Goroutine g = queue.poll();
          if (g != null) {
            last = processor;
          }
          return g;
        }
      };
    }

    @Override
    public void orderVictims(int processor, int[] victims) {
      looks.incrementAndGet();
      int[] sorted = victims.clone();
      Arrays.sort(sorted);
      if (processor < 0 || processor >= sorted.length) {
        wrong.set("processor " + processor + " of " + sorted.length);
      }
      for (int i = 0; i < sorted.length; i++) {
        if (sorted[i] != i) {
          wrong.set("victims " + Arrays.toString(victims));
        }
      }
      if (!steal) {
        Arrays.fill(victims, processor); // itself, which it passes over
      }
    }

    @Override
    public int searchRounds() {
      return rounds;
    }
  }

  /** A goroutine that does not park starts others, which another P takes, or may not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoHasNothingAsksWhomThePolicySays(boolean steal) throws Exception {
    var policy = new Thieves(steal, 20); // in one search: after a time slice the P is handed off
    try (var s = Scheduler.builder().processors(2).policy(policy).build()) {
      var done = new WaitGroup();
      var fromMine = new AtomicInteger();
      done.go(
          s,
          () -> {
            int mine = policy.last;
            int before = policy.taken.get(mine);
            int looks = policy.looks.get();
            s.go(() -> {}); // to the queue of this P
            while (steal ? policy.taken.get(mine) == before : policy.looks.get() < looks + 20) {
              s.go(() -> {}); // wakes the other P; ends by the time limit
            }
            fromMine.set(policy.taken.get(mine) - before);
          });
      done.await();
      assertEquals(steal, fromMine.get() > 0);
    }
    assertNull(policy.wrong.get());
  }

  @Test
  void aPolicySaysHowOftenToLookBeforeSleeping() throws Exception {
    var policy = new Thieves(true, 7);
    try (var s = Scheduler.builder().processors(2).policy(policy).build()) {
      var done = new WaitGroup();
      done.go(s, () -> {});
      done.await();
      while (policy.looks.get() < 7) { // ends by the time limit
        Thread.onSpinWait();
      }
      while (s.stats().idle() < 2) {
        Thread.onSpinWait();
      }
      assertEquals(0, policy.looks.get() % 7);
    }
  }

  @Test
  void aWeightIsPositive() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> new WeightedFair(g -> "", Map.of("a", 0)));
    assertEquals("weight of \"a\": expected at least 1, found 0", e.getMessage());
  }
}
