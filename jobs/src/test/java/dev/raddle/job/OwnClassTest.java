package dev.raddle.job;

import static dev.raddle.job.Runs.in;
import static dev.raddle.job.Runs.on;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.context.Context;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scopes and loops whose jobs run in a class, or by a deadline, of their own. */
@Timeout(60)
class OwnClassTest {
  private static final String OWN_ONLY = "classes of the own scheduler";

  private final Set<Priority> seen = ConcurrentHashMap.newKeySet();
  private final List<String> order = new CopyOnWriteArrayList<>();

  /** All that a round forks is queued; and whether some of it began before. */
  private volatile boolean queued;

  private volatile boolean early;

  private static Goroutine me() {
    return Objects.requireNonNull(Goroutine.current());
  }

  private void look() {
    seen.add(me().priority());
  }

  private int look(String who) {
    if (!queued) {
      early = true;
    }
    look();
    order.add(who);
    return 0;
  }

  /**
   * On one P: once more if the system kept the forker from running for so long that its P was
   * handed off before it had forked all.
   */
  private void assertOrder(List<String> expected, Body round) throws Exception {
    in(
        Scheduler.builder().processors(1),
        () -> {
          do { // ends by the time limit
            order.clear();
            queued = false;
            early = false;
            round.run();
          } while (early);
        });
    assertEquals(expected, order);
  }

  /** In a goroutine of each class, on one P and on two. */
  private void fromEachClass(Priority expected, Body body) throws Exception {
    for (int processors = 1; processors <= 2; processors++) {
      for (Priority caller : Priority.values()) {
        seen.clear();
        on(
            processors,
            () -> {
              var wg = new WaitGroup();
              wg.go(GoOptions.priority(caller), body);
              wg.await();
            });
        assertEquals(EnumSet.of(expected), EnumSet.copyOf(seen), () -> "from " + caller);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisabledIfSystemProperty(named = "raddle.scheduler", matches = "jdk", disabledReason = OWN_ONLY)
  void aLoopRunsInTheClassThatItWasGiven(Priority p) throws Exception {
    var options = GoOptions.priority(p);
    fromEachClass(
        p,
        () -> {
          Jobs.parallelFor(0, 1_000, LoopOptions.auto().withGoroutines(options), i -> look());
          Jobs.parallelFor(0, 1_000, LoopOptions.grain(100).withGoroutines(options), i -> look());
        });
  }

  @ParameterizedTest
  @EnumSource
  @DisabledIfSystemProperty(named = "raddle.scheduler", matches = "jdk", disabledReason = OWN_ONLY)
  void theJobsOfAScopeRunInTheClassThatItWasGiven(Priority p) throws Exception {
    fromEachClass(
        p,
        () -> {
          try (var scope = JobScope.open(GoOptions.priority(p))) {
            Job<?> first = scope.fork(() -> look("first"));
            scope.fork(() -> Jobs.fork(() -> look("what a job forks is of its class")).join());
            scope.go(this::look);
            first.join();
            scope.join();
          }
        });
  }

  @Test
  @DisabledIfSystemProperty(named = "raddle.scheduler", matches = "jdk", disabledReason = OWN_ONLY)
  void higherClassesRunFirst() throws Exception {
    assertOrder(
        List.of("high", "normal", "low"),
        () -> {
          try (var low = JobScope.open(GoOptions.priority(Priority.LOW));
              var high = JobScope.open(Context.background(), GoOptions.priority(Priority.HIGH))) {
            low.fork(() -> look("low"));
            high.fork(() -> look("high"));
            var normal = new WaitGroup();
            normal.go(() -> look("normal"));
            queued = true;
            low.join();
            high.join();
            normal.await();
          }
        });
  }

  @Test
  @DisabledIfSystemProperty(named = "raddle.scheduler", matches = "jdk", disabledReason = OWN_ONLY)
  void theEarliestDeadlineIsNext() throws Exception {
    assertOrder(
        List.of("soon", "late", "none"),
        () -> {
          try (var none = JobScope.open();
              var late = JobScope.open(GoOptions.none().withDeadline(Duration.ofHours(2)));
              var soon = JobScope.open(GoOptions.none().withDeadline(Duration.ofHours(1)))) {
            none.fork(() -> look("none"));
            late.fork(() -> look("late"));
            soon.fork(() -> look("soon"));
            queued = true;
            late.join();
            soon.join();
            none.join();
          }
        });
  }

  @Test
  void aMissedDeadlineIsCountedAndEveryIndexVisited() throws Exception {
    on(
        1,
        () -> {
          var gone = GoOptions.none().withDeadline(Duration.ofNanos(-1));
          long before = Scheduler.current().stats().missed();
          Jobs.parallelFor(
              0, 3, LoopOptions.auto().withGoroutines(gone), i -> order.add("visited"));
          assertEquals(List.of("visited", "visited", "visited"), order);
          Runs.until(() -> Scheduler.current().stats().missed() > before);
        });
  }

  @Test
  void jobsHaveTheNameAndTheLabels() throws Exception {
    on(
        2,
        () -> {
          var options = GoOptions.name("indexer").withLabel("shard", "7");
          try (var scope = JobScope.open(options)) {
            Job<String> named = scope.fork(() -> me().name() + me().labels());
            Runs.until(named::isDone);
            assertEquals("indexer{shard=7}", named.join());
          }
        });
  }

  @Test
  void jobsAreNotShed() {
    var sheds = GoOptions.none().withDeadline(Duration.ofHours(1)).shedding();
    String expected = "jobs: expected options that do not shed";
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> JobScope.open(sheds)).getMessage());
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> LoopOptions.auto().withGoroutines(sheds))
            .getMessage());
  }
}
