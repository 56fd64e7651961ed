package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No job is lost, none runs twice. Each stops after its time; the seed is in the message. */
@Timeout(120)
class JobStressTest {
  private static final long NANOS =
      Long.getLong("raddle.jobs.stressMillis", 700) * 1_000_000; // more in the long run

  private interface Round {
    void run(Random random) throws Exception;
  }

  private static void repeat(int processors, Round round) throws Exception {
    on(
        processors,
        () -> {
          long end = System.nanoTime() + NANOS;
          for (long seed = System.nanoTime(); System.nanoTime() - end < 0; seed++) {
            try {
              round.run(new Random(seed));
            } catch (Throwable t) {
              throw new AssertionError("seed " + seed, t);
            }
          }
        });
  }

  /** Forks are joined, by several, in any order, and cancelled, at any time. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void everyJobRunsOnceOrIsCancelled(int processors) throws Exception {
    repeat(
        processors,
        random -> {
          int n = 200;
          var runs = new AtomicIntegerArray(n);
          List<Job<Integer>> jobs = new ArrayList<>();
          Chan<Integer> traffic = Chan.make(4);
          for (int i = 0; i < n; i++) {
            int number = i;
            int kind = random.nextInt(5);
            jobs.add(
                Jobs.fork(
                    () -> {
                      runs.incrementAndGet(number);
                      switch (kind) {
                        case 0 -> Go.gosched();
                        case 1 -> traffic.send(number);
                        case 2 -> traffic.recv();
                        default -> {}
                      }
                      return number;
                    }));
          }
          var cancelled = new AtomicIntegerArray(n);
          List<Job<Integer>> others = new ArrayList<>();
          for (int k = 0; k < 3; k++) {
            int[] order = random.ints(n, 0, n).toArray();
            boolean cancels = k == 0;
            others.add(
                Jobs.fork(
                    () -> {
                      int sum = 0;
                      for (int i : order) {
                        if (cancels) {
                          jobs.get(i).cancel();
                        } else if (jobs.get(i).isDone()) {
                          sum += joined(jobs.get(i), i, cancelled);
                        }
                      }
                      return sum;
                    }));
          }
          traffic.close(); // ends receivers, and fails senders that come later
          for (int i = n - 1; i >= 0; i--) {
            joined(jobs.get(i), i, cancelled);
          }
          for (Job<Integer> other : others) {
            other.join();
          }
          for (int i = 0; i < n; i++) {
            int count = runs.get(i);
            assertTrue(
                count == 1 || (count == 0 && cancelled.get(i) > 0), "job " + i + " ran " + count);
            assertTrue(jobs.get(i).isDone());
          }
        });
  }

  private static int joined(Job<Integer> job, int number, AtomicIntegerArray cancelled)
      throws InterruptedException {
    try {
      assertEquals(number, job.join());
    } catch (CancellationException e) {
      cancelled.incrementAndGet(number);
    } catch (JobFailedException e) {
      assertTrue(String.valueOf(e.getCause()).contains("closed channel"), e::toString);
    }
    return 1;
  }

  /** Scopes in scopes; some fail, and none of their jobs outlives them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void noJobOutlivesItsScope(int processors) throws Exception {
    repeat(
        processors,
        random -> {
          var running = new AtomicInteger();
          Chan<Integer> never = Chan.make();
          boolean fails = random.nextBoolean();
          int at = random.nextInt(64);
          try (var scope = JobScope.open()) {
            for (int i = 0; i < 64; i++) {
              int number = i;
              int kind = random.nextInt(4);
              scope.go(
                  () -> {
                    running.incrementAndGet();
                    try {
                      if (fails && number == at) {
                        throw new IllegalStateException("boom");
                      } else if (kind == 0 && fails) {
                        never.recv();
                      } else if (kind == 1) {
                        try (var inner = JobScope.open()) {
                          inner.go(Go::gosched);
                          if (fails) {
                            inner.go(never::recv);
                          }
                          inner.join();
                        }
                      }
                    } finally {
                      running.decrementAndGet();
                    }
                  });
            }
            try {
              scope.join();
              assertTrue(!fails, "a failure was lost");
            } catch (JobFailedException e) {
              assertEquals("boom", e.getCause().getMessage());
            }
          }
          assertEquals(0, running.get());
          assertTrue(!Thread.currentThread().isInterrupted());
        });
  }

  /** Loops whose bodies differ wildly, in all kinds of pieces. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void everyIndexIsVisitedOnce(int processors) throws Exception {
    repeat(
        processors,
        random -> {
          int n = 1 + random.nextInt(2000);
          var seen = new AtomicIntegerArray(n);
          int heavy = 1 + random.nextInt(50);
          var options =
              random.nextBoolean() ? LoopOptions.auto() : LoopOptions.grain(1 + random.nextInt(99));
          Jobs.parallelFor(
              0,
              n,
              options,
              i -> {
                if (i % heavy == 0) {
                  Go.gosched();
                }
                seen.incrementAndGet(i);
              });
          for (int i = 0; i < n; i++) {
            assertEquals(1, seen.get(i));
          }
        });
  }

  /** Random graphs, with semaphores and jobs that add jobs; some are cancelled. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void everyJobOfAGraphRunsOnceAndInOrder(int processors) throws Exception {
    var semaphores = List.of(new JobSemaphore("a", 1), new JobSemaphore("b", 3));
    repeat(
        processors,
        random -> {
          int n = 1 + random.nextInt(300);
          var runs = new AtomicIntegerArray(n);
          var addedRuns = new AtomicInteger();
          int adders = 0;
          var graph = new JobGraph();
          List<JobGraph.Node> nodes = new ArrayList<>();
          for (int i = 0; i < n; i++) {
            int number = i;
            List<Integer> before = new ArrayList<>();
            for (int k = random.nextInt(4); k > 0 && i > 0; k--) {
              before.add(random.nextInt(i));
            }
            JobGraph.Node node;
            if (random.nextInt(10) == 0) {
              adders++;
              node =
                  graph.job(
                      "" + i,
                      sub -> {
                        runs.incrementAndGet(number);
                        var x = sub.job("x", addedRuns::incrementAndGet);
                        sub.job("y", addedRuns::incrementAndGet).after(x);
                      });
            } else {
              node =
                  graph.job(
                      "" + i,
                      () -> {
                        for (int b : before) {
                          assertEquals(1, runs.get(b), "started too early");
                        }
                        runs.incrementAndGet(number);
                      });
            }
            before.forEach(b -> node.after(nodes.get(b)));
            if (random.nextInt(5) == 0) {
              node.needs(semaphores.get(random.nextInt(2)));
            }
            nodes.add(node);
          }
          boolean cancels = random.nextInt(4) == 0;
          var run = graph.start();
          if (cancels) {
            run.cancel();
          }
          boolean completed = true;
          try {
            run.await();
          } catch (CancellationException e) {
            completed = false;
          }
          assertTrue(completed || cancels);
          for (int i = 0; i < n; i++) {
            assertTrue(runs.get(i) == 1 || (!completed && runs.get(i) == 0), "job " + i);
          }
          if (completed) {
            assertEquals(2 * adders, addedRuns.get());
          }
        });
    for (JobSemaphore s : semaphores) {
      Runs.until(() -> s.free() == s.permits());
    }
  }
}
