package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

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

  @Test
  void aWeightIsPositive() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> new WeightedFair(g -> "", Map.of("a", 0)));
    assertEquals("weight of \"a\": expected at least 1, found 0", e.getMessage());
  }
}
