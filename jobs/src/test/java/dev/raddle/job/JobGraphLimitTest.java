package dev.raddle.job;

import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Policy;
import dev.raddle.runtime.Scheduler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs on schedulers that accept few goroutines, or not every one. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "isolated schedulers are Raddle's own")
class JobGraphLimitTest {
  static Stream<Arguments> limits() {
    return Stream.of(1, 2, 3)
        .flatMap(n -> Stream.of(Arguments.of(n, false), Arguments.of(n, true)));
  }

  private static void within(int most, boolean waits, Body body) throws Exception {
    var builder = Scheduler.builder().processors(2).maxGoroutines(most).maxUnstarted(most);
    Runs.in(waits ? builder.waitWhenFull() : builder, body);
  }

  @ParameterizedTest
  @MethodSource("limits")
  void aRunTakesPlacesButNeedsNone(int most, boolean waits) throws Exception {
    within(
        most,
        waits,
        () -> {
          var count = new AtomicInteger();
          var graph = new JobGraph();
          var first = graph.job("first", count::incrementAndGet);
          var last = graph.job("last", count::incrementAndGet);
          for (int i = 0; i < 8; i++) {
            graph.job("" + i, count::incrementAndGet).after(first).before(last);
          }
          for (int i = 1; i <= 20; i++) {
            graph.run();
            assertEquals(10 * i, count.get());
          }
        });
  }

  /** A full scheduler still refuses what is no job, also while the jobs of a run are too many. */
  @Test
  void whatIsNoJobIsRefusedMeanwhile() throws Exception {
    within(
        2,
        false,
        () -> {
          Chan<Integer> gate = Chan.make();
          var began = new CountDownLatch(3);
          var graph = new JobGraph();
          for (int i = 0; i < 3; i++) {
            graph.job(
                "" + i,
                () -> {
                  began.countDown();
                  gate.recv();
                });
          }
          GraphRun run = graph.start();
          until(() -> began.getCount() == 0);
          assertThrows(RejectedExecutionException.class, () -> Go.go(() -> {}));
          gate.close();
          run.await();
          until(() -> Scheduler.current().numGoroutine() == 1);
          Go.go(() -> {});
        });
  }

  @ParameterizedTest
  @MethodSource("limits")
  void jobsThatAreAddedNeedNoPlaceEither(int most, boolean waits) throws Exception {
    within(
        most,
        waits,
        () -> {
          var count = new AtomicInteger();
          var graph = new JobGraph();
          var parent =
              graph.job(
                  "parent",
                  added -> {
                    for (int i = 0; i < 5; i++) {
                      added.job("" + i, count::incrementAndGet);
                    }
                  });
          graph.job("x", count::incrementAndGet).after(parent);
          graph.job("y", count::incrementAndGet).after(parent);
          graph.run();
          assertEquals(7, count.get());
        });
  }

  @ParameterizedTest
  @MethodSource("limits")
  void runsShareASemaphore(int most, boolean waits) throws Exception {
    within(
        most,
        waits,
        () -> {
          var semaphore = new JobSemaphore("s", 2);
          var count = new AtomicInteger();
          var graph = new JobGraph();
          for (int i = 0; i < 20; i++) {
            graph.job("" + i, count::incrementAndGet).needs(semaphore, 1 + i % 2);
          }
          for (GraphRun run : List.of(graph.start(), graph.start(), graph.start())) {
            run.await();
          }
          assertEquals(60, count.get());
          until(() -> semaphore.free() == 2);
        });
  }

  // ---- a policy that refuses ----

  private static void refusing(String unwanted, Body body) throws Exception {
    Policy policy =
        new Fifo() {
          @Override
          public boolean admits(Goroutine g) {
            return !unwanted.equals(g.name());
          }
        };
    Runs.in(Scheduler.builder().processors(2).policy(policy), body);
  }

  private static void assertRefused(JobFailedException e) {
    assertInstanceOf(RejectedExecutionException.class, e.getCause());
  }

  @Test
  void aRefusedFirstJobEndsTheRunThatHasBegun() throws Exception {
    refusing(
        "y",
        () -> {
          Chan<Integer> never = Chan.make();
          var ended = new AtomicInteger();
          var graph = new JobGraph();
          graph.job(
              "x",
              () -> {
                try {
                  never.recv();
                } finally {
                  ended.incrementAndGet();
                }
              });
          graph.job("y", ended::incrementAndGet);
          GraphRun run = graph.start();
          assertRefused(assertThrows(JobFailedException.class, run::await));
          assertTrue(run.isDone());
          assertTrue(ended.get() <= 1, "only x may have begun");
        });
  }

  @Test
  void aRefusedJobAfterOthersEndsTheRun() throws Exception {
    refusing(
        "y",
        () -> {
          var ran = new CopyOnWriteArrayList<String>();
          var graph = new JobGraph();
          var a = graph.job("a", () -> ran.add("a"));
          graph.job("x", () -> ran.add("x")).after(a);
          graph.job("y", () -> ran.add("y")).after(a);
          assertRefused(assertThrows(JobFailedException.class, graph::run));
          assertEquals("a", ran.getFirst());
          assertTrue(!ran.contains("y"), ran::toString);
        });
  }

  @Test
  void aRefusedJobAfterOneThatAddedJobsEndsTheRun() throws Exception {
    refusing(
        "y",
        () -> {
          var graph = new JobGraph();
          var parent = graph.job("parent", added -> added.job("child", () -> {}));
          graph.job("y", () -> {}).after(parent);
          assertRefused(assertThrows(JobFailedException.class, graph::run));
        });
  }

  @Test
  void aRefusedJobThatWasAddedEndsTheRun() throws Exception {
    refusing(
        "y",
        () -> {
          var semaphore = new JobSemaphore("s", 1);
          var graph = new JobGraph();
          graph.job("parent", added -> added.job("y", () -> {})).needs(semaphore);
          assertRefused(assertThrows(JobFailedException.class, graph::run));
          until(() -> semaphore.free() == 1);
        });
  }

  /** What was granted together with it is of another run, and starts. */
  @Test
  void aRefusedJobGivesItsPermitsBackAndHoldsUpNobody() throws Exception {
    refusing(
        "y",
        () -> {
          var semaphore = new JobSemaphore("s", 2);
          Chan<Integer> gate = Chan.make();
          var holder = new JobGraph();
          holder.job("holder", () -> gate.recv()).needs(semaphore, 2);
          var refused = new JobGraph();
          refused.job("y", () -> {}).needs(semaphore);
          var ran = new AtomicInteger();
          var other = new JobGraph();
          other.job("z", ran::incrementAndGet).needs(semaphore);
          List<GraphRun> runs = List.of(holder.start(), refused.start(), other.start());
          gate.close();
          runs.get(0).await();
          assertRefused(assertThrows(JobFailedException.class, runs.get(1)::await));
          runs.get(2).await();
          assertEquals(1, ran.get());
          until(() -> semaphore.free() == 2);
        });
  }
}
