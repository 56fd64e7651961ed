package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JobGraphTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void jobsRunAfterThoseBeforeThemAgainAndAgain(int processors) throws Exception {
    on(
        processors,
        () -> {
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
        });
  }

  @Test
  void graphsRunOnPlainThreadsAndMayBeEmpty() throws Exception {
    new JobGraph().run();
    var count = new AtomicInteger();
    var graph = new JobGraph();
    graph.job("a", count::incrementAndGet).before(graph.job("b", count::incrementAndGet));
    graph.run();
    assertEquals(2, count.get());
  }

  @Test
  void aGraphMayRunSeveralTimesAtOnceAndGrowBetweenRuns() throws Exception {
    on(
        4,
        () -> {
          var count = new AtomicInteger();
          var graph = new JobGraph();
          var last = graph.job("0", count::incrementAndGet);
          for (int i = 1; i < 100; i++) {
            last = graph.job("" + i, count::incrementAndGet).after(last);
          }
          List<GraphRun> runs = List.of(graph.start(), graph.start(), graph.start());
          for (GraphRun run : runs) {
            run.await();
            assertTrue(run.isDone());
          }
          assertEquals(300, count.get());
          graph.job("more", count::incrementAndGet).after(last);
          graph.run();
          assertEquals(401, count.get());
        });
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
    assertThrows(IllegalArgumentException.class, () -> a.before(other));
    assertEquals(
        "branches: expected a condition, found the job a",
        assertThrows(IllegalStateException.class, () -> a.branches(b)).getMessage());
    var none = new JobGraph();
    var c = none.condition("c", () -> 0);
    c.branches(c);
    assertThrows(IllegalStateException.class, none::run);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void afterAFailureNoFurtherJobStartsAndOthersAreInterrupted(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var ran = new CopyOnWriteArrayList<String>();
          var began = new CountDownLatch(1);
          var boom = new AssertionError("boom");
          var graph = new JobGraph();
          var a =
              graph.job(
                  "a",
                  () -> {
                    until(() -> began.getCount() == 0);
                    throw boom;
                  });
          graph.job("b", () -> ran.add("b")).after(a);
          graph.job(
              "blocked",
              () -> {
                began.countDown();
                never.recv();
              });
          var e = assertThrows(JobFailedException.class, graph::run);
          assertSame(boom, e.getCause());
          assertEquals(0, e.getSuppressed().length);
          assertEquals(List.of(), ran);
        });
  }

  @Test
  void laterFailuresAreSuppressed() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          var later = new IllegalStateException("later");
          var graph = new JobGraph();
          graph.job(
              "blocked",
              () -> {
                began.countDown();
                try {
                  never.recv();
                } catch (InterruptedException e) {
                  throw later;
                }
              });
          graph.job(
              "first",
              () -> {
                until(() -> began.getCount() == 0);
                throw new IllegalStateException("first");
              });
          var e = assertThrows(JobFailedException.class, graph::run);
          assertEquals("first", e.getCause().getMessage());
          assertEquals(List.of(later), Arrays.asList(e.getSuppressed()));
        });
  }

  // ---- conditions ----

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aConditionChoosesOneBranch(int processors) throws Exception {
    on(
        processors,
        () -> {
          var ran = new CopyOnWriteArrayList<String>();
          var choice = new AtomicInteger();
          var graph = new JobGraph();
          var start = graph.job("start", () -> ran.add("start"));
          var left = graph.job("left", () -> ran.add("left"));
          var right = graph.job("right", () -> ran.add("right"));
          graph.job("after right", () -> ran.add("after")).after(right);
          graph.condition("choose", choice::get).after(start).branches(left, right);
          graph.run();
          assertEquals(List.of("start", "left"), ran);
          ran.clear();
          choice.set(1);
          graph.run();
          assertEquals(List.of("start", "right", "after"), ran);
          ran.clear();
          choice.set(-1);
          graph.run();
          assertEquals(List.of("start"), ran);
          choice.set(2);
          var e = assertThrows(JobFailedException.class, graph::run);
          assertTrue(String.valueOf(e.getCause()).contains("expected a branch below 2"));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void conditionsMakeLoopsWhoseJobsWaitForEachOtherEachTime(int processors) throws Exception {
    on(
        processors,
        () -> {
          var rounds = new AtomicInteger();
          var work = new AtomicInteger();
          var joins = new AtomicInteger();
          var graph = new JobGraph();
          var init = graph.job("init", () -> rounds.set(0));
          var body = graph.job("body", rounds::incrementAndGet);
          var x = graph.job("x", work::incrementAndGet).after(body);
          var y = graph.job("y", work::incrementAndGet).after(body);
          var join =
              graph
                  .job(
                      "join",
                      () -> assertEquals(work.get(), 2 * joins.incrementAndGet(), "too early"))
                  .after(x, y);
          var end = graph.job("end", () -> {});
          graph
              .condition("more?", () -> rounds.get() < 1000 ? 0 : 1)
              .after(join)
              .branches(body, end);
          graph.condition("enter", () -> 0).after(init).branches(body);
          graph.run();
          assertEquals(1000, rounds.get());
          assertEquals(2000, work.get());
          assertEquals(1000, joins.get());
        });
  }

  // ---- jobs that add jobs ----

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatAJobAddsEndsBeforeTheJobDoes(int processors) throws Exception {
    on(
        processors,
        () -> {
          var added = new AtomicInteger();
          var seen = new AtomicInteger(-1);
          var graph = new JobGraph();
          var a =
              graph.job(
                  "a",
                  sub -> {
                    var first = sub.job("first", added::incrementAndGet);
                    for (int i = 0; i < 100; i++) {
                      sub.job("" + i, added::incrementAndGet).after(first);
                    }
                    sub.job(
                        "deeper",
                        deeper -> {
                          deeper.job("x", added::incrementAndGet);
                          deeper.job("nothing", empty -> {});
                        });
                  });
          graph.job("after", () -> seen.set(added.get())).after(a);
          for (int i = 0; i < 20; i++) {
            added.set(0);
            graph.run();
            assertEquals(102, seen.get());
          }
        });
  }

  @Test
  void mistakesAndFailuresInWhatIsAddedFailTheRun() throws Exception {
    on(
        2,
        () -> {
          var graph = new JobGraph();
          graph.job(
              "a",
              sub -> {
                var x = sub.job("x", () -> {});
                x.after(sub.job("y", () -> {}).after(x));
              });
          var e = assertThrows(JobFailedException.class, graph::run);
          assertTrue(String.valueOf(e.getCause()).endsWith("x -> y -> x"), e.getCause()::toString);

          var ran = new AtomicInteger();
          var failing = new JobGraph();
          var job =
              failing.job(
                  "a",
                  sub ->
                      sub.job(
                          "x",
                          () -> {
                            throw new IllegalStateException("boom");
                          }));
          failing.job("b", ran::incrementAndGet).after(job);
          assertEquals(
              "boom", assertThrows(JobFailedException.class, failing::run).getCause().getMessage());
          assertEquals(0, ran.get());
        });
  }

  // ---- semaphores ----

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aSemaphoreLimitsTheJobsThatRun(int processors) throws Exception {
    on(
        processors,
        () -> {
          var two = new JobSemaphore("two", 2);
          var three = new JobSemaphore("three", 3);
          var running = new AtomicInteger();
          var ran = new AtomicInteger();
          var graph = new JobGraph();
          for (int i = 0; i < 200; i++) {
            graph
                .job(
                    "" + i,
                    () -> {
                      assertTrue(running.incrementAndGet() <= 2);
                      ran.incrementAndGet();
                      Go.gosched();
                      running.decrementAndGet();
                    })
                .needs(three, 1 + i % 3)
                .needs(two);
          }
          graph.run();
          graph.run();
          assertEquals(400, ran.get());
          assertEquals(2, two.free());
          assertEquals(3, three.free());
        });
  }

  @Test
  void badNeedsAreRefused() {
    var two = new JobSemaphore("two", 2);
    var node = new JobGraph().job("a", () -> {}).needs(two);
    assertThrows(IllegalArgumentException.class, () -> node.needs(two));
    var other = new JobSemaphore("other", 2);
    assertEquals(
        "needs: expected 1 to 2 permits, found 3",
        assertThrows(IllegalArgumentException.class, () -> node.needs(other, 3)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> node.needs(other, 0));
    assertThrows(IllegalArgumentException.class, () -> new JobSemaphore("x", 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void permitsComeBackAfterFailuresAndCancellations(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var one = new JobSemaphore("one", 1);
          var two = new JobSemaphore("two", 2);
          var graph = new JobGraph();
          var began = new AtomicInteger();
          for (int i = 0; i < 10; i++) {
            graph
                .job(
                    "" + i,
                    () -> {
                      began.incrementAndGet();
                      never.recv();
                    })
                .needs(one)
                .needs(two, 2);
          }
          graph.job("adds", sub -> sub.job("x", () -> never.recv())).needs(two);
          for (int i = 0; i < 20; i++) {
            began.set(0);
            var run = graph.start();
            if (i % 2 == 0) {
              until(() -> began.get() > 0 || two.free() == 1);
            }
            run.cancel();
            assertThrows(CancellationException.class, run::await);
            until(() -> one.free() == 1 && two.free() == 2);
          }
        });
  }

  @Test
  void aSemaphoreIsSharedAmongGraphs() throws Exception {
    on(
        4,
        () -> {
          var one = new JobSemaphore("one", 1);
          Chan<Integer> gate = Chan.make();
          var holder = new JobGraph();
          holder.job("holds", () -> gate.recv()).needs(one);
          var holding = holder.start();
          until(() -> one.free() == 0);
          var waiter = new JobGraph();
          var ran = new AtomicInteger();
          waiter.job("waits", ran::incrementAndGet).needs(one);
          var cancelled = waiter.start();
          var waiting = waiter.start();
          cancelled.cancel(); // does not wait for the holder
          assertThrows(CancellationException.class, cancelled::await);
          assertEquals(0, ran.get());
          gate.send(1);
          holding.await();
          waiting.await();
          assertEquals(1, ran.get());
        });
  }

  // ---- priority, cancel, dumps ----

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the JDK's scheduler has no classes")
  void jobsRunInTheOrderOfTheirClasses() throws Exception {
    on(
        1,
        () -> {
          var order = new CopyOnWriteArrayList<Priority>();
          var graph = new JobGraph();
          var start = graph.job("start", () -> {}).priority(Priority.HIGH);
          for (var p : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.HIGH)) {
            graph
                .job(
                    p + " " + graph.nodes().size(),
                    () -> {
                      assertEquals(p, Objects.requireNonNull(Goroutine.current()).priority());
                      order.add(p);
                    })
                .priority(p)
                .after(start);
          }
          graph.run();
          assertEquals(List.of(Priority.HIGH, Priority.HIGH, Priority.NORMAL, Priority.LOW), order);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aRunCanBeCancelled(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          var ran = new AtomicInteger();
          var graph = new JobGraph();
          var a =
              graph.job(
                  "a",
                  () -> {
                    began.countDown();
                    never.recv();
                  });
          graph.job("b", ran::incrementAndGet).after(a);
          var run = graph.start();
          until(() -> began.getCount() == 0);
          assertFalse(run.isDone());
          run.cancel();
          assertThrows(CancellationException.class, run::await);
          assertEquals(0, ran.get());
          run.cancel();
        });
  }

  @Test
  void anInterruptCancelsARunThatIsWaitedFor() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          var ended = new AtomicInteger();
          Thread caller = Thread.currentThread();
          var graph = new JobGraph();
          graph.job(
              "a",
              () -> {
                caller.interrupt();
                try {
                  never.recv();
                } finally {
                  ended.incrementAndGet();
                }
              });
          assertThrows(InterruptedException.class, graph::run);
          assertEquals(1, ended.get());
        });
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void aSchedulerThatClosesUnderAWaitingJobFailsTheRun() throws Exception {
    var one = new JobSemaphore("one", 1);
    Chan<Integer> gate = Chan.make();
    var holder = new JobGraph();
    holder.job("holds", () -> gate.recv()).needs(one);
    var holding = holder.start();
    until(() -> one.free() == 0);
    var waiter = new JobGraph();
    waiter.job("waits", () -> {}).needs(one);
    Chan<GraphRun> runs = Chan.make(1);
    try (var s = Scheduler.builder().processors(1).build()) {
      s.go(() -> runs.send(waiter.start()));
    }
    gate.send(1);
    holding.await();
    var e = assertThrows(JobFailedException.class, runs.recv()::await);
    assertTrue(String.valueOf(e.getCause()).contains("is closed"), e::toString);
    assertEquals(1, one.free());
  }

  @Test
  void dotAndSvgShowTheGraph() {
    var db = new JobSemaphore("db", 2);
    var graph = new JobGraph();
    var a = graph.job("a \"1\" <x>", () -> {});
    var b = graph.job("b", sub -> {}).after(a).needs(db).priority(Priority.LOW);
    var end = graph.job("end", () -> {});
    graph.condition("again?", () -> 1).after(b).branches(a, end);
    assertEquals(
        """
        digraph jobs {
          node [shape=box];
          n0 [label="a \\"1\\" <x>"];
          n1 [label="b\\nLOW\\nneeds 1 of db", peripheries=2];
          n2 [label="end"];
          n3 [label="again?", shape=diamond];
          n0 -> n1;
          n1 -> n3;
          n3 -> n0 [style=dashed, label="0"];
          n3 -> n2 [style=dashed, label="1"];
        }
        """,
        graph.toDot());
    String svg = graph.toSvg();
    assertTrue(svg.startsWith("<svg ") && svg.endsWith("</svg>\n"), svg);
    assertEquals(4, svg.split("<rect ", -1).length - 1);
    assertEquals(4, svg.split("<line ", -1).length - 1);
    assertTrue(svg.contains("a \"1\" &lt;x&gt;"), svg);
    assertTrue(y(svg, "b") > y(svg, "a \"1\" &lt;x&gt;"), svg);
    assertTrue(y(svg, "end") > y(svg, "again?"), svg);
    new JobGraph().toSvg();
  }

  private static int y(String svg, String text) {
    int end = svg.indexOf(">" + text + "<");
    int start = svg.lastIndexOf(" y=\"", end) + 4;
    return Integer.parseInt(svg.substring(start, svg.indexOf('"', start)));
  }

  @Test
  void theTraceTellsWhatRanWhen() throws Exception {
    on(
        2,
        () -> {
          var graph = new JobGraph().recording(true);
          var a = graph.job("a\n\"", () -> {});
          graph.job("b", sub -> sub.job("c", () -> {})).after(a);
          var run = graph.start();
          run.await();
          String json = run.trace();
          List<String> lines = json.lines().toList();
          assertEquals(5, lines.size(), json);
          assertTrue(
              lines
                  .get(1)
                  .matches(
                      "\\{\"name\":\"a\\\\u000a\\\\\"\",\"ph\":\"X\",\"pid\":1,\"tid\":1,"
                          + "\"ts\":[0-9.]+,\"dur\":[0-9.]+},"),
              json);
          assertTrue(lines.get(2).startsWith("{\"name\":\"b\""), json);
          assertTrue(lines.get(3).startsWith("{\"name\":\"c\""), json);
          var quiet = new JobGraph().start();
          assertThrows(IllegalStateException.class, quiet::trace);
        });
  }
}
