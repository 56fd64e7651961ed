package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JobScopeTest {
  private static Exception boom(String what) {
    return new IllegalStateException(what);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void joinWaitsForAllJobs(int processors) throws Exception {
    on(
        processors,
        () -> {
          try (var scope = JobScope.open()) {
            var sum = new AtomicInteger();
            for (int i = 0; i < 1000; i++) {
              int n = i;
              scope.go(() -> sum.addAndGet(n));
            }
            Job<Integer> last = scope.fork(() -> 7);
            scope.join();
            assertEquals(499_500, sum.get());
            assertEquals(7, last.join());
            scope.join();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void jobsMayForkInTheirScope(int processors) throws Exception {
    on(
        processors,
        () -> {
          var count = new AtomicInteger();
          try (var scope = JobScope.open()) {
            scope.go(() -> grow(scope, 10, count));
            scope.join();
          }
          assertEquals(2047, count.get());
        });
  }

  private static void grow(JobScope scope, int depth, AtomicInteger count) {
    count.incrementAndGet();
    if (depth > 0) {
      scope.go(() -> grow(scope, depth - 1, count));
      scope.go(() -> grow(scope, depth - 1, count));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theFirstFailureCancelsTheOthers(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var boom = boom("first");
          try (var scope = JobScope.open()) {
            Job<Integer> blocked = scope.fork(never::recv);
            scope.fork(
                () -> {
                  throw boom;
                });
            var e = assertThrows(JobFailedException.class, scope::join);
            assertSame(boom, e.getCause());
            assertEquals(0, e.getSuppressed().length);
            assertTrue(blocked.isCancelled());
            assertTrue(scope.isCancelled());
            Job<Integer> late = scope.fork(() -> 1);
            assertThrows(CancellationException.class, late::join);
          }
        });
  }

  /** The owner could return from its join before the state of the last job said so. */
  @Test
  void whoeverHasJoinedTheScopeSeesEveryJobEnded() throws Exception {
    on(
        4,
        () -> {
          Chan<Integer> never = Chan.make();
          for (int i = 0; i < 20_000; i++) {
            try (var scope = JobScope.open()) {
              Job<Integer> blocked = scope.fork(never::recv);
              Job<Integer> failed = scope.fork(() -> Integer.parseInt("one"));
              Job<Integer> done = scope.fork(() -> 1);
              assertThrows(JobFailedException.class, scope::join);
              assertTrue(blocked.isCancelled(), "blocked");
              assertTrue(failed.isDone(), "failed");
              assertTrue(done.isDone(), "done");
            }
          }
        });
  }

  @Test
  void laterFailuresAreSuppressedErrorsToo() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          var later = new AssertionError("later");
          try (var scope = JobScope.open()) {
            scope.fork(
                () -> {
                  began.countDown();
                  try {
                    return never.recv();
                  } catch (InterruptedException e) {
                    throw later;
                  }
                });
            scope.fork(
                () -> {
                  until(() -> began.getCount() == 0);
                  throw boom("first");
                });
            var e = assertThrows(JobFailedException.class, scope::join);
            assertEquals("first", e.getCause().getMessage());
            assertEquals(List.of(later), Arrays.asList(e.getSuppressed()));
          }
        });
  }

  @Test
  void anErrorComesBackAsItIs() throws Exception {
    on(
        1,
        () -> {
          var error = new StackOverflowError();
          try (var scope = JobScope.open()) {
            scope.fork(
                () -> {
                  throw error;
                });
            assertSame(error, assertThrows(JobFailedException.class, scope::join).getCause());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void closeCancelsAndWaits(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var ended = new AtomicInteger();
          var began = new CountDownLatch(3);
          try (var scope = JobScope.open()) {
            for (int i = 0; i < 3; i++) {
              scope.go(
                  () -> {
                    began.countDown();
                    try {
                      never.recv();
                    } finally {
                      ended.incrementAndGet();
                    }
                  });
            }
            until(() -> began.getCount() == 0);
          }
          assertEquals(3, ended.get());
        });
  }

  @Test
  @SuppressWarnings("try") // closed by hand, and twice
  void aClosedScopeRefusesAllWithAClearError() throws Exception {
    on(
        1,
        () -> {
          var scope = JobScope.open();
          Job<Integer> job = scope.fork(() -> 1);
          scope.join();
          scope.close();
          scope.close();
          assertEquals(
              "fork: expected an open scope, found a closed one",
              assertThrows(IllegalStateException.class, () -> scope.fork(() -> 1)).getMessage());
          assertEquals(
              "join: expected an open scope, found a closed one",
              assertThrows(IllegalStateException.class, scope::join).getMessage());
          assertEquals(
              "join: expected an open scope, found a closed one",
              assertThrows(IllegalStateException.class, job::join).getMessage());
        });
  }

  @Test
  @SuppressWarnings("try") // that close is refused
  void onlyTheOpenerJoinsAndCloses() throws Exception {
    on(
        2,
        () -> {
          var failure = new AtomicReference<@Nullable Throwable>();
          try (var scope = JobScope.open()) {
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        scope.close();
                      } catch (IllegalStateException e) {
                        failure.set(e);
                      }
                    })
                .join();
            assertTrue(String.valueOf(failure.get()).contains("the goroutine that opened"));
            assertEquals(3, scope.fork(() -> 3).join());
          }
        });
  }

  @Test
  void anInterruptCancelsTheScope() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          try (var scope = JobScope.open()) {
            Job<Integer> blocked =
                scope.fork(
                    () -> {
                      began.countDown();
                      return never.recv();
                    });
            until(() -> began.getCount() == 0);
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, scope::join);
            assertTrue(scope.isCancelled());
            until(blocked::isCancelled);
          }
          assertFalse(Thread.currentThread().isInterrupted());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void cancellationReachesNestedScopes(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(1);
          var ended = new AtomicInteger();
          try (var scope = JobScope.open()) {
            scope.go(
                () -> {
                  try (var inner = JobScope.open()) {
                    inner.go(
                        () -> {
                          began.countDown();
                          try {
                            never.recv();
                          } finally {
                            ended.incrementAndGet();
                          }
                        });
                    inner.join();
                  }
                });
            until(() -> began.getCount() == 0);
            scope.cancel();
            assertThrows(CancellationException.class, scope::join);
          }
          assertEquals(1, ended.get());
        });
  }

  @Test
  void aContextCancelsTheScope() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          try (var ctx = Context.background().withTimeout(Duration.ofMillis(20));
              var scope = JobScope.open(ctx)) {
            Job<Integer> job = scope.fork(never::recv);
            var e = assertThrows(CancellationException.class, scope::join);
            assertInstanceOf(DeadlineExceededException.class, e.getCause());
            assertTrue(job.isCancelled());
          }
          try (var ctx = Context.background().withCancel();
              var scope = JobScope.open(ctx)) {
            assertEquals(1, scope.fork(() -> 1).join());
            scope.join();
          }
        });
  }
}
