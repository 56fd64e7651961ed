package dev.raddle.job;

import static dev.raddle.job.Runs.await;
import static dev.raddle.job.Runs.on;
import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ForkedJobTest {
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
  void forkAndJoinCountRight(int processors) throws Exception {
    on(processors, () -> assertEquals(6765, fib(20)));
  }

  @Test
  void plainThreadsMayForkToo() throws Exception {
    assertEquals(55, fib(10));
  }

  @Test
  void aJobOfAPlainThreadIsAGoroutine() throws Exception {
    assertNull(Goroutine.current());
    assertNotNull(Jobs.fork(Goroutine::current).join());
    assertNotSame(Thread.currentThread(), Jobs.fork(Thread::currentThread).join());
  }

  @Test
  void anUnstartedJobRunsOnTheStackOfItsJoiner() throws Exception {
    on(
        1,
        () -> {
          Job<Thread> job = Jobs.fork(Thread::currentThread);
          if (!Runs.isJdk()) { // there it may have begun
            assertSame(Thread.currentThread(), job.join());
          }
          assertSame(job.join(), job.join());
        });
  }

  /** A joiner that ran whatever is queued would run the stranger, and enter the lock twice. */
  @Test
  void aWaiterNeverRunsAStranger() throws Exception {
    on(
        1,
        () -> {
          Chan<Integer> gate = Chan.make();
          var began = new CountDownLatch(1);
          Thread joiner = Thread.currentThread();
          Job<Integer> awaited =
              Jobs.fork(
                  () -> {
                    began.countDown();
                    return gate.recv();
                  });
          until(() -> began.getCount() == 0);
          Job<Thread> stranger =
              Jobs.fork(
                  () -> {
                    gate.send(7);
                    return Thread.currentThread();
                  });
          assertEquals(7, awaited.join());
          assertNotSame(joiner, stranger.join());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aChainOfJoinsOverflowsNoStack(int processors) throws Exception {
    on(
        processors,
        () -> {
          int length = 50_000;
          List<Job<Integer>> jobs = new ArrayList<>();
          Chan<Integer> gate = Chan.make();
          jobs.add(
              Jobs.fork(
                  () -> {
                    gate.recv();
                    return 0;
                  }));
          for (int i = 1; i < length; i++) {
            Job<Integer> before = jobs.get(i - 1);
            jobs.add(Jobs.fork(() -> before.join() + 1));
          }
          gate.close();
          assertEquals(length - 1, jobs.getLast().join());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anyNumberMayJoinAnyNumberOfTimes(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> gate = Chan.make();
          Job<Integer> job = Jobs.fork(gate::recv);
          List<Job<Integer>> joiners = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            joiners.add(Jobs.fork(() -> job.join() + job.join()));
          }
          Go.gosched();
          var fromOutside = new AtomicInteger();
          Thread plain =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        try {
                          fromOutside.set(job.join());
                        } catch (InterruptedException e) {
                          fromOutside.set(-1);
                        }
                      });
          gate.send(21);
          for (Job<Integer> j : joiners) {
            assertEquals(42, j.join());
          }
          plain.join();
          assertEquals(21, fromOutside.get());
        });
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void aJobOfAnotherSchedulerStaysThere() throws Exception {
    try (var other = Scheduler.builder().name("other").processors(1).build()) {
      on(
          1,
          () -> {
            Chan<Job<String>> jobs = Chan.make();
            Chan<Boolean> joined = Chan.make();
            other.go(
                () -> {
                  jobs.send(Jobs.fork(() -> Scheduler.current().name()));
                  joined.recv();
                });
            assertEquals("other", jobs.recv().join());
            joined.send(true);
          });
    }
  }

  /** Nobody waits for such a job; it is not lost all the same, queued or parked. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of one's own")
  void aJobMayEndAfterItsSchedulerHasClosed() throws Exception {
    Chan<Integer> gate = Chan.make();
    for (int i = 0; i < 50; i++) {
      var queued = new AtomicReference<@Nullable Job<Integer>>();
      var parked = new AtomicReference<@Nullable Job<Integer>>();
      try (var s = Scheduler.builder().name("brief").processors(1 + i % 2).build()) {
        s.go(
            () -> {
              parked.set(Jobs.fork(gate::recv));
              Go.gosched();
              queued.set(Jobs.fork(() -> 1));
            });
      }
      assertEquals(1, Objects.requireNonNull(queued.get()).join());
      gate.send(2);
      assertEquals(2, Objects.requireNonNull(parked.get()).join());
    }
  }

  @Test
  void aFailureComesOutOfEveryJoin() throws Exception {
    on(
        1,
        () -> {
          for (Throwable boom : List.of(new IllegalStateException("x"), new StackOverflowError())) {
            Job<Integer> job =
                Jobs.fork(
                    () -> {
                      if (boom instanceof Error e) {
                        throw e;
                      }
                      throw (Exception) boom;
                    });
            assertSame(boom, assertThrows(JobFailedException.class, job::join).getCause());
            assertSame(boom, assertThrows(JobFailedException.class, job::join).getCause());
            assertTrue(job.isDone());
            assertFalse(job.isCancelled());
          }
        });
  }

  @Test
  void aJobThatEndsByGoexitHasFailed() throws Exception {
    on(
        1,
        () -> {
          Job<Integer> job =
              Jobs.fork(
                  () -> {
                    Go.goexit();
                    return 1;
                  });
          assertInstanceOf(
              IllegalStateException.class,
              assertThrows(JobFailedException.class, job::join).getCause());
        });
  }

  @Test
  void nullIsAResult() throws Exception {
    on(1, () -> assertNull(Jobs.<@Nullable String>fork(() -> null).join()));
  }

  // ---- cancellation and interrupts ----

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "there the job may begin before it is cancelled")
  void aJobCancelledBeforeItBeginsNeverDoes() throws Exception {
    on(
        1,
        () -> {
          var ran = new AtomicInteger();
          Job<Integer> job = Jobs.fork(ran::incrementAndGet);
          assertTrue(job.cancel());
          assertTrue(job.isDone());
          assertTrue(job.isCancelled());
          assertFalse(job.cancel());
          assertThrows(CancellationException.class, job::join);
          Go.gosched();
          assertEquals(0, ran.get());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void cancellingARunningJobInterruptsIt(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          Job<Integer> job =
              Jobs.fork(
                  () -> {
                    began.countDown();
                    return never.recv();
                  });
          until(() -> began.getCount() == 0);
          assertTrue(job.cancel());
          assertThrows(CancellationException.class, job::join);
          assertTrue(job.isCancelled());
        });
  }

  @Test
  void aCancelledJobMayStillEndAsItLikes() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          Job<Integer> job =
              Jobs.fork(
                  () -> {
                    began.countDown();
                    try {
                      return never.recv();
                    } catch (InterruptedException e) {
                      return 5;
                    }
                  });
          until(() -> began.getCount() == 0);
          assertTrue(job.cancel());
          assertEquals(5, job.join());
          assertFalse(job.isCancelled());
        });
  }

  @Test
  void theInterruptOfAJobInPlaceDoesNotReachItsJoiner() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          Chan<Integer> began = Chan.make(1);
          Job<Integer> job =
              Jobs.fork(
                  () -> {
                    began.send(1);
                    return never.recv();
                  });
          Go.go(
              () -> {
                began.recv();
                job.cancel();
              });
          assertThrows(CancellationException.class, job::join);
          assertFalse(Thread.currentThread().isInterrupted());
        });
  }

  /** The inner one swallows its interrupt, the outer one needs it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void jobsOneInTheOtherAreCancelledEach(int processors) throws Exception {
    on(
        processors,
        () -> {
          for (int i = 0; i < 200; i++) {
            Chan<Integer> never = Chan.make();
            var began = new CountDownLatch(1);
            var inner = new AtomicReference<@Nullable Job<Integer>>();
            Job<Integer> outer =
                Jobs.fork(
                    () -> {
                      Job<Integer> job =
                          Jobs.fork(
                              () -> {
                                began.countDown();
                                return never.recv();
                              });
                      inner.set(job);
                      assertThrows(CancellationException.class, job::join);
                      return never.recv();
                    });
            until(() -> began.getCount() == 0 && inner.get() != null);
            Job<Integer> both = inner.get();
            assertTrue(outer.cancel());
            assertTrue(both == null || both.cancel() || both.isDone());
            try {
              outer.join();
            } catch (CancellationException | JobFailedException e) {
              assertTrue(outer.isDone());
            }
            assertFalse(Thread.currentThread().isInterrupted());
          }
        });
  }

  @Test
  void anInterruptEndsTheWaitAndNotTheJob() throws Exception {
    Chan<Integer> gate = Chan.make();
    var began = new CountDownLatch(1);
    Job<Integer> job =
        Jobs.fork(
            () -> {
              began.countDown();
              return gate.recv();
            });
    await(began);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, job::join);
    assertFalse(Thread.currentThread().isInterrupted());
    gate.send(3);
    assertEquals(3, job.join());
  }

  @Test
  void anInterruptOfTheJoinerReachesAJobInPlace() throws Exception {
    on(
        1,
        () -> {
          Chan<Integer> never = Chan.make();
          Job<Integer> job = Jobs.fork(never::recv);
          Thread.currentThread().interrupt();
          assertThrows(InterruptedException.class, job::join);
          if (!Runs.isJdk()) {
            assertTrue(job.isDone());
            assertFalse(job.isCancelled());
          }
          job.cancel();
        });
  }

  @Test
  void aJobInPlaceIsPartOfTheJoinersGoroutine() throws Exception {
    on(
        1,
        () -> {
          Goroutine here = Goroutine.current();
          Job<@Nullable Goroutine> inPlace = Jobs.fork(Goroutine::current);
          if (!Runs.isJdk()) {
            assertEquals(here, inPlace.join());
          }
          Job<@Nullable Goroutine> other = Jobs.fork(Goroutine::current);
          until(other::isDone);
          assertNotEquals(here, other.join());
        });
  }
}
