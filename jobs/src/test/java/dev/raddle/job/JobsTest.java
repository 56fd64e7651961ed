package dev.raddle.job;

import static dev.raddle.job.Runs.on;
import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JobsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void invokeAllKeepsTheOrder(int processors) throws Exception {
    on(
        processors,
        () -> {
          List<Callable<Integer>> work = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            int n = i;
            work.add(() -> n);
          }
          List<Integer> results = Jobs.invokeAll(work);
          for (int i = 0; i < 100; i++) {
            assertEquals(i, results.get(i));
          }
          assertEquals(List.of(), Jobs.invokeAll(List.<Callable<Integer>>of()));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void invokeAllCancelsTheRestAfterAFailure(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var failed =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Jobs.invokeAll(
                          List.<Callable<Integer>>of(
                              never::recv,
                              () -> {
                                throw new IllegalStateException("boom");
                              },
                              never::recv)));
          assertEquals("boom", failed.getCause().getMessage());
        });
  }

  @Test
  void invokeAllWorksOnAPlainThread() throws Exception {
    assertEquals(List.of(1, 2), Jobs.invokeAll(List.<Callable<Integer>>of(() -> 1, () -> 2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anyOfGivesTheFirstResultAndEndsTheOthers(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var ended = new AtomicInteger();
          var began = new CountDownLatch(2);
          Callable<Integer> blocks =
              () -> {
                began.countDown();
                try {
                  return never.recv();
                } finally {
                  ended.incrementAndGet();
                }
              };
          Callable<Integer> fails =
              () -> {
                throw new IllegalStateException("does not matter");
              };
          Callable<Integer> succeeds =
              () -> {
                until(() -> began.getCount() == 0);
                return 9;
              };
          assertEquals(9, Jobs.anyOf(List.of(blocks, fails, blocks, succeeds)));
          assertEquals(2, ended.get());
          assertFalse(Thread.currentThread().isInterrupted());
        });
  }

  /** The interrupt hits an attempt in place, which must not count as one that failed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cancellingTheCallerOfAnyOfEndsTheRace(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var began = new CountDownLatch(2);
          Callable<Integer> blocks =
              () -> {
                began.countDown();
                return never.recv();
              };
          Job<Integer> caller = Jobs.fork(() -> Jobs.anyOf(List.of(blocks, blocks)));
          until(() -> began.getCount() == 0);
          assertTrue(caller.cancel());
          assertThrows(CancellationException.class, caller::join);
        });
  }

  @Test
  void anyOfFailsIfAllDo() throws Exception {
    on(
        2,
        () -> {
          List<Callable<Integer>> work = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            String text = "boom " + i;
            work.add(
                () -> {
                  throw new IllegalStateException(text);
                });
          }
          var e = assertThrows(JobFailedException.class, () -> Jobs.anyOf(work));
          List<String> all = new ArrayList<>(List.of(e.getCause().getMessage()));
          Arrays.stream(e.getSuppressed()).map(Throwable::getMessage).forEach(all::add);
          all.sort(null);
          assertEquals(List.of("boom 0", "boom 1", "boom 2"), all);
          assertThrows(
              IllegalArgumentException.class, () -> Jobs.anyOf(List.<Callable<Integer>>of()));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aCounterWaitsForZeroAgainAndAgain(int processors) throws Exception {
    on(
        processors,
        () -> {
          var counter = new JobCounter();
          var sum = new AtomicInteger();
          for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 100; i++) {
              counter.go(sum::incrementAndGet);
            }
            counter.await();
            assertEquals(100 * round, sum.get());
          }
          counter.add(1);
          counter.done();
          counter.await();
        });
  }

  @Test
  void aCounterKeepsFailuresAndRefusesToGoBelowZero() throws Exception {
    on(
        2,
        () -> {
          var counter = new JobCounter();
          var error = new AssertionError("boom");
          for (int i = 0; i < 2; i++) {
            counter.go(
                () -> {
                  throw error;
                });
          }
          var e = assertThrows(JobFailedException.class, counter::await);
          assertEquals(error, e.getCause());
          counter.await();
          assertThrows(IllegalStateException.class, counter::done);
          assertTrue(counter.toString().contains("0"));
        });
  }
}
