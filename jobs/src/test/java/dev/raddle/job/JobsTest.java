package dev.raddle.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JobsTest {
  private static void on(int processors, Body body) throws Exception {
    var failure = new AtomicReference<@Nullable Throwable>();
    try (var s = Scheduler.builder().processors(processors).build()) {
      var wg = new WaitGroup();
      wg.go(
          s,
          () -> {
            try {
              body.run();
              assertEquals(1, s.numGoroutine());
            } catch (Throwable t) {
              failure.set(t);
            }
          });
      wg.await();
    }
    Throwable t = failure.get();
    if (t != null) {
      throw new AssertionError(t);
    }
  }

  private static int fib(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    Job<Integer> left = Jobs.fork(() -> fib(n - 1));
    int right = fib(n - 2);
    return left.join() + right;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void forkAndJoinCountRight(int processors) throws Exception {
    on(processors, () -> assertEquals(6765, fib(20)));
  }

  @Test
  void plainThreadsMayForkToo() throws Exception {
    assertEquals(55, fib(10));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void jobsMayBlockOnEachOther(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> ch = Chan.make();
          List<Job<Integer>> jobs = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            int n = i;
            jobs.add(
                Jobs.fork(
                    () -> {
                      ch.send(n);
                      return n;
                    }));
          }
          int sum = 0;
          for (int i = 0; i < 100; i++) {
            sum += ch.recv();
          }
          for (var j : jobs) {
            sum -= j.join();
          }
          assertEquals(0, sum);
        });
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void aFailureComesOutOfEveryJoin() throws Exception {
    on(
        1,
        () -> {
          var boom = new IllegalStateException("boom");
          Job<Integer> job =
              Jobs.fork(
                  () -> {
                    throw boom;
                  });
          assertSame(boom, assertThrows(JobFailedException.class, job::join).getCause());
          assertSame(boom, assertThrows(JobFailedException.class, job::join).getCause());
          assertTrue(job.isDone());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void everyIndexIsVisitedOnce(int processors) throws Exception {
    on(
        processors,
        () -> {
          var seen = new AtomicIntegerArray(100_000);
          Jobs.parallelFor(0, 100_000, seen::incrementAndGet);
          Jobs.parallelFor(0, 100_000, 7, seen::incrementAndGet);
          for (int i = 0; i < 100_000; i++) {
            assertEquals(2, seen.get(i));
          }
        });
  }

  @Test
  void badLoopsAreRefusedAndFailuresComeBack() {
    assertThrows(IllegalArgumentException.class, () -> Jobs.parallelFor(0, 1, 0, i -> {}));
    assertThrows(IllegalArgumentException.class, () -> Jobs.parallelFor(1, 0, i -> {}));
    var failed =
        assertThrows(
            JobFailedException.class,
            () ->
                Jobs.parallelFor(
                    0,
                    1000,
                    i -> {
                      if (i == 500) {
                        throw new IllegalStateException("at 500");
                      }
                    }));
    assertEquals("at 500", String.valueOf(failed.getCause()).replaceAll(".*: ", ""));
  }

  @Test
  void invokeAllKeepsTheOrder() throws Exception {
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int n = i;
      work.add(() -> n);
    }
    List<Integer> results = Jobs.invokeAll(work);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, results.get(i));
    }
  }

  @Test
  void aGraphRunsJobsAfterThoseBeforeThemAgainAndAgain() throws Exception {
    var order = new CopyOnWriteArrayList<String>();
    var graph = new JobGraph();
    var a = graph.job("a", () -> order.add("a"));
    var b = graph.job("b", () -> order.add("b")).after(a);
    var c = graph.job("c", () -> order.add("c")).after(a);
    graph.job("d", () -> order.add("d")).after(b, c);
    for (int i = 0; i < 100; i++) {
      order.clear();
      graph.run();
      assertEquals(4, order.size());
      assertEquals("a", order.get(0));
      assertEquals("d", order.get(3));
    }
    new JobGraph().run();
  }

  @Test
  void aGraphNamesItsMistakes() {
    var graph = new JobGraph();
    var a = graph.job("a", () -> {});
    var b = graph.job("b", () -> {}).after(a);
    a.after(b);
    assertEquals(
        "run: expected a graph without circles, found a -> b -> a",
        assertThrows(IllegalStateException.class, graph::run).getMessage());
    assertThrows(IllegalArgumentException.class, () -> graph.job("a", () -> {}));
    var other = new JobGraph().job("x", () -> {});
    assertThrows(IllegalArgumentException.class, () -> a.after(other));
  }

  @Test
  void afterAFailureNoFurtherJobOfAGraphStarts() {
    var ran = new CopyOnWriteArrayList<String>();
    var graph = new JobGraph();
    var a =
        graph.job(
            "a",
            () -> {
              throw new IllegalStateException("boom");
            });
    graph.job("b", () -> ran.add("b")).after(a);
    assertThrows(JobFailedException.class, graph::run);
    assertEquals(List.of(), ran);
  }
}
