package dev.raddle.job;

import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs and loops on a scheduler with a policy, or with limits: they belong to who forks them. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "policies and limits are of the own scheduler")
class PolicyJobsTest {
  private final Fifo policy = new Fifo();

  private static int fib(int n) throws Exception {
    if (n < 2) {
      return n;
    }
    Job<Integer> left = Jobs.fork(() -> fib(n - 1));
    int right = fib(n - 2);
    return left.join() + right;
  }

  /** Each fork that was run in place used to stay in the queue. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void forksLeaveNothingBehind(int processors) throws Exception {
    Runs.in(
        Scheduler.builder().processors(processors).policy(policy),
        () -> {
          long before = policy.added.get();
          assertEquals(6765, fib(20));
          long added = policy.added.get() - before;
          assertTrue(added < 1_000, "of 10945 forks were added: " + added);
          assertTrue(policy.queued.get() < 10, "queued: " + policy.queued);
          long runnable = Scheduler.current().stats().runnable().getOrDefault(Priority.NORMAL, 0L);
          assertTrue(runnable < 50, "can run: " + runnable);
        });
  }

  @Test
  void loopsAreCutWhileSomebodyIsHungry() throws Exception {
    Runs.in(
        Scheduler.builder().processors(2).policy(policy),
        () -> {
          Set<Goroutine> workers = ConcurrentHashMap.newKeySet();
          var two = new IllegalStateException("two of them");
          var e =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Jobs.parallelForLong(
                          0,
                          1L << 40, // ends by the time limit unless it is cut
                          i -> {
                            workers.add(Objects.requireNonNull(Goroutine.current()));
                            if (workers.size() > 1) {
                              throw two;
                            }
                          }));
          assertSame(two, e.getCause());
        });
  }

  @Test
  void aForkRunsBesideGoroutinesThatAlwaysCan() throws Exception {
    Runs.in(
        Scheduler.builder().processors(1).policy(policy),
        () -> {
          var stop = new AtomicBoolean();
          for (int i = 0; i < 3; i++) {
            Go.go(
                () -> {
                  while (!stop.get()) {
                    Go.gosched();
                  }
                });
          }
          List<Job<Integer>> jobs = new ArrayList<>();
          for (int i = 0; i < 1_000; i++) { // more than a queue holds
            int n = i;
            jobs.add(Jobs.fork(() -> n));
          }
          until(() -> jobs.stream().allMatch(Job::isDone)); // nobody joins
          stop.set(true);
        });
  }

  /** And goroutines beside forks that always can. */
  @Test
  void aGoroutineRunsBesideForksThatAlwaysCan() throws Exception {
    Runs.in(
        Scheduler.builder().processors(1).policy(policy),
        () -> {
          var stop = new AtomicBoolean();
          for (int i = 0; i < 3; i++) {
            again(stop);
          }
          Chan<Integer> reached = Chan.make();
          Go.go(() -> reached.send(1));
          assertEquals(1, reached.recv());
          stop.set(true);
        });
  }

  private static void again(AtomicBoolean stop) {
    Jobs.fork(
        () -> {
          if (!stop.get()) {
            again(stop);
          }
          return 0;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void forksThatBlockAreGoroutinesLikeOthers(int processors) throws Exception {
    Runs.in(
        Scheduler.builder().processors(processors).policy(policy),
        () -> {
          Chan<Integer> numbers = Chan.make();
          List<Job<Integer>> jobs = new ArrayList<>();
          int n = 1_000;
          for (int i = 0; i < n; i++) {
            jobs.add(Jobs.fork(numbers::recv));
          }
          Go.go(
              () -> {
                for (int i = 0; i < n; i++) {
                  numbers.send(i);
                }
              });
          int sum = 0;
          for (Job<Integer> job : jobs) {
            sum += job.join();
          }
          assertEquals(n * (n - 1) / 2, sum);
        });
  }

  @Test
  void aPolicyIsAskedWhetherToAdmitGoroutinesAndNotForks() throws Exception {
    var asked = new AtomicInteger();
    var counting =
        new Fifo() {
          @Override
          public boolean admits(Goroutine g) {
            asked.incrementAndGet();
            return true;
          }
        };
    Runs.in(
        Scheduler.builder().processors(2).policy(counting),
        () -> {
          assertEquals(1, asked.get());
          assertEquals(55, fib(10));
          Jobs.parallelFor(0, 100, 1, i -> {});
          assertEquals(1, asked.get());
          var graph = new JobGraph();
          graph.job("a", () -> {}).before(graph.job("b", () -> {}), graph.job("c", () -> {}));
          graph.run();
          assertEquals(3, asked.get()); // one goes on as a
        });
  }

  /** 0008: a fork takes no place, is not refused and does not wait. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void limitsDoNotCountForks(boolean waits) throws Exception {
    var builder = Scheduler.builder().processors(2).maxGoroutines(1).maxUnstarted(1);
    Runs.in(
        waits ? builder.waitWhenFull() : builder,
        () -> {
          assertEquals(6765, fib(20));
          Chan<Integer> gate = Chan.make();
          List<Job<Integer>> parked = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            parked.add(Jobs.fork(gate::recv));
          }
          assertEquals(1, Scheduler.current().numGoroutine());
          until(() -> Scheduler.current().stats().startedJobs() == 100);
          gate.close();
          for (Job<Integer> job : parked) {
            job.join();
          }
          Jobs.parallelFor(0, 100, 1, i -> {});
          assertEquals(0, Scheduler.current().stats().refused());
        });
  }
}
