package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.Go;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes and deadlines, on one P: who runs before whom. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's order")
class ControlTest {
  /** Picks until the head of every queue has run; docs/design/0008-control.md. */
  private static final int BOUND = 8 * 61;

  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  /** Runs {@code body} on a P of its own, and what it started after it. */
  private static SchedulerStats onOneP(Body body) throws Exception {
    var failure = new AtomicReference<@Nullable Throwable>();
    try (var one = Scheduler.builder().processors(1).onUncaught((g, t) -> failure.set(t)).build()) {
      var done = new WaitGroup();
      done.go(one, body);
      done.await();
      while (one.numGoroutine() > 0) { // ends by the time limit
        Go.sleep(Duration.ofMillis(1));
      }
      assertEquals(null, failure.get());
      return one.stats();
    }
  }

  private void note(GoOptions options, String name) {
    Scheduler.current().go(options, () -> order.add(name));
  }

  private static Goroutine me() {
    return Objects.requireNonNull(Goroutine.current());
  }

  private static GoOptions of(Priority p) {
    return GoOptions.priority(p);
  }

  /** Who can always run: one or two classes, with a deadline or without. */
  static List<List<GoOptions>> busy() {
    GoOptions high = of(Priority.HIGH);
    GoOptions normal = GoOptions.none();
    GoOptions low = of(Priority.LOW);
    return List.of(
        List.of(high),
        List.of(normal),
        List.of(low),
        List.of(timely(high)),
        List.of(timely(normal)),
        List.of(timely(low)),
        List.of(high, normal),
        List.of(high, low),
        List.of(normal, low),
        List.of(high, timely(normal)),
        List.of(timely(high), normal),
        List.of(high, timely(low)),
        List.of(timely(high), timely(normal)),
        List.of(normal, timely(normal)),
        List.of(high, timely(high)));
  }

  private static GoOptions timely(GoOptions options) {
    return options.withDeadline(Duration.ofHours(2));
  }

  /** One of each queue; of those with a deadline the next one. */
  private static List<GoOptions> oneOfEach() {
    List<GoOptions> all = new ArrayList<>();
    for (Priority p : Priority.values()) {
      all.add(of(p));
      all.add(of(p).withDeadline(Duration.ofHours(1)));
    }
    return all;
  }

  private static boolean sameQueue(GoOptions a, GoOptions b) {
    return a.priority() == b.priority() && (a.deadline() == null) == (b.deadline() == null);
  }

  /** The bound counts the picks of one P: it says nothing of a run in which sysmon took it away. */
  @ParameterizedTest
  @MethodSource("busy")
  void noClassStarves(List<GoOptions> busy) throws Exception {
    int tries = 30;
    while (tries > 0 && !starvesNobody(busy)) {
      tries--;
    }
    assumeTrue(tries > 0, "no run without a hand-off");
  }

  private static boolean starvesNobody(List<GoOptions> busy) throws Exception {
    int each = 3;
    var runs = new AtomicInteger();
    List<GoOptions> others = oneOfEach();
    var at = new AtomicIntegerArray(others.size());
    var left = new AtomicInteger(others.size());
    SchedulerStats stats =
        onOneP(
            () -> {
              for (int i = 0; i < each * busy.size(); i++) {
                Scheduler.current()
                    .go(
                        busy.get(i % busy.size()),
                        () -> {
                          while (left.get() > 0 && runs.get() < 20_000) {
                            runs.incrementAndGet();
                            Go.gosched();
                          }
                        });
              }
              for (int i = 0; i < others.size(); i++) {
                int me = i;
                Scheduler.current()
                    .go(
                        others.get(i),
                        () -> {
                          at.set(me, runs.get());
                          left.decrementAndGet();
                        });
              }
            });
    if (stats.threads() > 1) {
      return false;
    }
    for (int i = 0; i < others.size(); i++) {
      GoOptions other = others.get(i);
      boolean behind = other.deadline() == null && busy.stream().anyMatch(b -> sameQueue(b, other));
      int bound = BOUND * (behind ? each + 1 : 1);
      assertTrue(at.get(i) <= bound, other + " after " + at.get(i) + " others");
    }
    return true;
  }

  /** Whoever comes from outside comes to the shared queue, and before what is of a lower class. */
  @ParameterizedTest
  @MethodSource("busy")
  void noClassStarvesThatComesFromOutside(List<GoOptions> busy) throws Exception {
    try (var one = Scheduler.builder().processors(1).build()) {
      var stop = new AtomicBoolean();
      for (int i = 0; i < 3 * busy.size(); i++) {
        one.go(
            busy.get(i % busy.size()),
            () -> {
              while (!stop.get()) {
                Go.gosched();
              }
            });
      }
      List<GoOptions> others = oneOfEach();
      var left = new CountDownLatch(others.size());
      for (GoOptions o : others) {
        one.go(o, left::countDown);
      }
      boolean all = left.await(20, TimeUnit.SECONDS);
      stop.set(true);
      assertTrue(all, () -> left.getCount() + " never ran beside " + busy);
    }
  }

  @Test
  void theEarliestDeadlineOfAClassIsNext() throws Exception {
    onOneP(
        () -> {
          note(GoOptions.none(), "normal");
          note(GoOptions.none().withDeadline(Duration.ofHours(3)), "3 h");
          note(GoOptions.none().withDeadline(Duration.ofHours(1)), "1 h");
          note(of(Priority.LOW).withDeadline(Duration.ofMinutes(1)), "low, 1 min");
          note(GoOptions.none().withDeadline(Duration.ofHours(2)), "2 h");
          note(of(Priority.HIGH), "high");
        });
    assertEquals(List.of("high", "1 h", "2 h", "3 h", "normal", "low, 1 min"), order);
  }

  @Test
  void aMissedDeadlineIsCountedAndOneThatShedsDoesNotStart() throws Exception {
    SchedulerStats stats =
        onOneP(
            () -> {
              var gone = GoOptions.none().withDeadline(Duration.ofNanos(-1));
              note(gone, "late");
              note(gone.shedding(), "shed");
              note(GoOptions.none().withDeadline(Duration.ofHours(1)).shedding(), "in time");
            });
    assertEquals(List.of("late", "in time"), order);
    assertEquals(2, stats.missed());
    assertEquals(1, stats.shed());
  }

  @Test
  void whoWaitsForOneThatIsShedGoesOn() throws Exception {
    onOneP(
        () -> {
          var group = new WaitGroup();
          group.go(
              GoOptions.none().withDeadline(Duration.ZERO).shedding(), () -> order.add("shed"));
          Go.sleep(Duration.ofMillis(2));
          group.await();
        });
    assertTrue(order.size() <= 1);
  }

  @Test
  @SuppressWarnings("CheckReturnValue") // throws
  void sheddingNeedsADeadline() {
    assertThrows(IllegalArgumentException.class, () -> GoOptions.none().shedding());
  }

  @Test
  void whatIsQueuedCanBePromoted() throws Exception {
    onOneP(
        () -> {
          var start = new WaitGroup();
          start.add(1);
          var late = new AtomicReference<@Nullable Goroutine>();
          Scheduler.current()
              .go(
                  of(Priority.LOW),
                  () -> {
                    late.set(me());
                    start.await();
                    order.add("promoted");
                  });
          while (late.get() == null) {
            Go.gosched();
          }
          Go.sleep(Duration.ofMillis(1)); // it waits
          start.done(); // now it is queued, in the lowest class
          note(GoOptions.none(), "normal");
          Objects.requireNonNull(late.get()).setPriority(Priority.HIGH);
        });
    assertEquals(List.of("promoted", "normal"), order);
  }

  /** The low one holds the lock, the high one waits for it, and one between them hogs. */
  @Test
  void whoHoldsALockInheritsTheClassOfWhoWaits() throws Exception {
    onOneP(
        () -> {
          var mutex = new Mutex();
          var held = new AtomicBoolean();
          Scheduler.current()
              .go(
                  of(Priority.LOW),
                  () -> {
                    mutex.lock();
                    held.set(true);
                    while (held.get()) {
                      Go.gosched();
                    }
                    order.add("low " + me().priority());
                    mutex.unlock();
                    order.add("after " + me().priority());
                  });
          while (!held.get()) {
            Go.gosched();
          }
          Scheduler.current()
              .go(
                  of(Priority.HIGH),
                  () -> {
                    mutex.lock();
                    order.add("high");
                    mutex.unlock();
                  });
          var high = new AtomicInteger();
          for (int i = 0; i < 20; i++) {
            Go.gosched(); // the high one runs, and waits
          }
          held.set(false);
          Scheduler.current()
              .go(
                  of(Priority.NORMAL),
                  () -> {
                    while (high.incrementAndGet() < 50) {
                      Go.gosched();
                    }
                    order.add("normal");
                  });
        });
    assertEquals("low HIGH", order.get(0), order::toString);
    assertTrue(order.indexOf("high") < order.indexOf("normal"), order::toString);
    assertTrue(order.contains("after LOW"), order::toString);
  }
}
