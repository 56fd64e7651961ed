package dev.raddle.job;

import static dev.raddle.job.Runs.DEADLINE_SECONDS;
import static dev.raddle.job.Runs.on;
import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoopTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void everyIndexIsVisitedOnce(int processors) throws Exception {
    on(
        processors,
        () -> {
          var seen = new AtomicIntegerArray(100_000);
          Jobs.parallelFor(0, 100_000, seen::incrementAndGet);
          Jobs.parallelFor(0, 100_000, 7, seen::incrementAndGet);
          Jobs.parallelFor(0, 100_000, LoopOptions.grain(50_000), seen::incrementAndGet);
          Jobs.parallelForLong(1L << 40, (1L << 40) + 100_000, i -> seen.incrementAndGet((int) i));
          for (int i = 0; i < 100_000; i++) {
            assertEquals(4, seen.get(i));
          }
        });
  }

  @Test
  void plainThreadsMayLoopToo() throws Exception {
    var sum = new AtomicLong();
    Jobs.parallelFor(-10, 20, sum::addAndGet);
    assertEquals(135, sum.get());
  }

  @Test
  void extremeRanges() throws Exception {
    on(
        2,
        () -> {
          var count = new AtomicInteger();
          Jobs.parallelFor(5, 5, i -> count.incrementAndGet());
          Jobs.parallelForLong(Long.MAX_VALUE - 3, Long.MAX_VALUE, i -> count.incrementAndGet());
          Jobs.parallelForLong(Long.MIN_VALUE, Long.MIN_VALUE + 3, i -> count.incrementAndGet());
          Jobs.parallelFor(Integer.MAX_VALUE - 2, Integer.MAX_VALUE, i -> count.incrementAndGet());
          assertEquals(8, count.get());
        });
  }

  @Test
  void badLoopsAreRefused() {
    assertEquals(
        "grain: expected at least 1, found -3",
        assertThrows(IllegalArgumentException.class, () -> Jobs.parallelFor(0, 1, -3, i -> {}))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Jobs.parallelFor(0, 1, 0, i -> {}));
    assertThrows(IllegalArgumentException.class, () -> Jobs.parallelFor(1, 0, i -> {}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Jobs.parallelForLong(Long.MIN_VALUE, Long.MAX_VALUE, i -> {}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Jobs.parallelFor2d(-1, 1, LoopOptions.auto(), (r, c) -> {}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Jobs.parallelForTiles(1, 1, 0, 1, (a, b, c, d) -> {}));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theFirstFailureEndsTheLoop(int processors) throws Exception {
    on(
        processors,
        () -> {
          var boom = new IllegalStateException("at 500");
          for (var options : List.of(LoopOptions.auto(), LoopOptions.grain(10))) {
            var failed =
                assertThrows(
                    JobFailedException.class,
                    () ->
                        Jobs.parallelFor(
                            0,
                            1000,
                            options,
                            i -> {
                              if (i == 500) {
                                throw boom;
                              }
                            }));
            assertSame(boom, failed.getCause());
            assertEquals(0, failed.getSuppressed().length);
          }
        });
  }

  @Test
  void anErrorFailsTheLoopToo() throws Exception {
    on(
        2,
        () -> {
          var failed =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Jobs.parallelFor(
                          0,
                          100,
                          i -> {
                            throw new StackOverflowError();
                          }));
          assertEquals(StackOverflowError.class, failed.getCause().getClass());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFailureInterruptsBodiesThatBlock(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> never = Chan.make();
          var blocked = new CountDownLatch(9);
          var failed =
              assertThrows(
                  JobFailedException.class,
                  () ->
                      Jobs.parallelFor(
                          0,
                          10,
                          1,
                          i -> {
                            if (i == 3) {
                              until(() -> blocked.getCount() == 0);
                              throw new IllegalStateException("boom");
                            }
                            blocked.countDown();
                            never.recv();
                          }));
          assertEquals("boom", failed.getCause().getMessage());
          assertFalse(Thread.currentThread().isInterrupted());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void withAGrainOfOneAllBodiesMayBlockAtOnce(int processors) throws Exception {
    on(
        processors,
        () -> {
          Chan<Integer> ch = Chan.make();
          var sum = new AtomicInteger();
          Jobs.parallelFor(
              0,
              100,
              1,
              i -> {
                if (i < 50) {
                  ch.send(i);
                } else {
                  sum.addAndGet(ch.recv());
                }
              });
          assertEquals(1225, sum.get());
        });
  }

  @Test
  void anInterruptEndsTheLoopAndNothingOfItRunsOn() throws Exception {
    on(
        2,
        () -> {
          Chan<Integer> never = Chan.make();
          var running = new AtomicInteger();
          Thread caller = Thread.currentThread();
          assertThrows(
              InterruptedException.class,
              () ->
                  Jobs.parallelFor(
                      0,
                      100,
                      1,
                      i -> {
                        if (running.incrementAndGet() == 100) {
                          caller.interrupt();
                        }
                        try {
                          never.recv();
                        } finally {
                          running.decrementAndGet();
                        }
                      }));
          assertEquals(0, running.get());
        });
  }

  /**
   * Bodies are slow as long as one goroutine runs them all, so that the loop, if it were never cut,
   * would take as long as any test may. How soon the other processor has nothing to do is its own
   * affair: its thread may only just be starting.
   */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the number of Ps is that of the machine")
  void anAutomaticLoopIsCutWhileAnotherProcessorHasNothingToDo() throws Exception {
    on(
        2,
        () -> {
          Set<Thread> threads = ConcurrentHashMap.newKeySet();
          long deadline = System.nanoTime() + DEADLINE_SECONDS * 1_000_000_000L;
          Jobs.parallelFor(
              0,
              1_000_000,
              i -> {
                threads.add(Thread.currentThread());
                for (long start = System.nanoTime();
                    threads.size() == 1 && System.nanoTime() - start < 30_000; ) {
                  Thread.onSpinWait();
                }
                assertTrue(
                    threads.size() > 1 || System.nanoTime() - deadline < 0, "it was never cut");
              });
          assertTrue(threads.size() > 1);
        });
  }

  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the number of Ps is that of the machine")
  void onOneProcessorAnAutomaticLoopRunsInOrderOnTheCaller() throws Exception {
    on(
        1,
        () -> {
          List<Integer> order = new ArrayList<>();
          Thread caller = Thread.currentThread();
          Jobs.parallelFor(
              0,
              10_000,
              i -> {
                assertSame(caller, Thread.currentThread());
                order.add(i);
              });
          for (int i = 0; i < 10_000; i++) {
            assertEquals(i, order.get(i));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void listsAreVisitedWhateverTheirKind(int processors) throws Exception {
    on(
        processors,
        () -> {
          List<Integer> items = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            items.add(i);
          }
          for (var list : List.of(items, new ArrayDeque<>(items), Set.copyOf(items))) {
            var sum = new AtomicInteger();
            Jobs.parallelFor(list, sum::addAndGet);
            Jobs.parallelFor(list, LoopOptions.grain(3), sum::addAndGet);
            assertEquals(999_000, sum.get());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void everyCellAndEveryTileIsVisitedOnce(int processors) throws Exception {
    on(
        processors,
        () -> {
          int rows = 37;
          int columns = 53;
          var seen = new AtomicIntegerArray(rows * columns);
          Jobs.parallelFor2d(
              rows, columns, LoopOptions.auto(), (r, c) -> seen.incrementAndGet(r * columns + c));
          Jobs.parallelFor2d(
              rows,
              columns,
              LoopOptions.grain(11),
              (r, c) -> seen.incrementAndGet(r * columns + c));
          Jobs.parallelForTiles(
              rows,
              columns,
              8,
              16,
              (fromRow, toRow, fromColumn, toColumn) -> {
                assertTrue(toRow - fromRow <= 8 && toColumn - fromColumn <= 16);
                for (int r = fromRow; r < toRow; r++) {
                  for (int c = fromColumn; c < toColumn; c++) {
                    seen.incrementAndGet(r * columns + c);
                  }
                }
              });
          for (int i = 0; i < rows * columns; i++) {
            assertEquals(3, seen.get(i));
          }
          Jobs.parallelFor2d(0, 5, LoopOptions.auto(), (r, c) -> seen.get(-1));
          Jobs.parallelForTiles(5, 0, 1, 1, (a, b, c, d) -> seen.get(-1));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void progressGrowsAndEndsAtTheTotal(int processors) throws Exception {
    on(
        processors,
        () -> {
          List<Long> told = new ArrayList<>();
          var inside = new AtomicInteger();
          var options =
              LoopOptions.grain(10)
                  .withInterval(Duration.ZERO)
                  .withProgress(
                      (done, total) -> {
                        assertEquals(1, inside.incrementAndGet());
                        assertEquals(1000, total);
                        told.add(done);
                        inside.decrementAndGet();
                      });
          Jobs.parallelFor(0, 1000, options, i -> {});
          assertTrue(told.size() > 1);
          assertEquals(1000, told.getLast());
          for (int i = 1; i < told.size(); i++) {
            assertTrue(told.get(i - 1) < told.get(i), told::toString);
          }
        });
  }

  @Test
  void aProgressThatThrowsFailsTheLoop() throws Exception {
    on(
        1,
        () -> {
          for (long at : List.of(0L, 1000L)) {
            var options =
                LoopOptions.grain(10)
                    .withInterval(Duration.ZERO)
                    .withProgress(
                        (done, total) -> {
                          if (done >= at) {
                            throw new IllegalStateException("progress");
                          }
                        });
            var e =
                assertThrows(
                    JobFailedException.class, () -> Jobs.parallelFor(0, 1000, options, i -> {}));
            assertEquals("progress", e.getCause().getMessage());
          }
        });
  }
}
