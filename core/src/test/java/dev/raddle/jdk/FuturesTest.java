package dev.raddle.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** CompletableFuture and what runs on the common pool, used by goroutines. */
class FuturesTest {
  @OnEach
  void aChainOfCompletableFutures(On on) throws Exception {
    on.run(
        () ->
            On.all(
                50,
                i -> {
                  var start = new CompletableFuture<Integer>();
                  var end =
                      start
                          .thenApplyAsync(n -> n + 1)
                          .thenCombine(CompletableFuture.supplyAsync(() -> i), Integer::sum)
                          .thenCompose(n -> CompletableFuture.supplyAsync(() -> n * 2));
                  Scheduler.current().go(() -> start.complete(i));
                  assertEquals((2 * i + 1) * 2, end.get(On.LIMIT_SECONDS, SECONDS));
                }));
  }

  @OnEach
  void allOfMany(On on) throws Exception {
    on.run(
        () -> {
          List<CompletableFuture<Integer>> parts = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            int n = i;
            parts.add(Scheduler.current().submit(() -> n));
          }
          var all = parts.toArray(CompletableFuture<?>[]::new);
          CompletableFuture.allOf(all).get(On.LIMIT_SECONDS, SECONDS);
          assertEquals(499_500, parts.stream().mapToInt(CompletableFuture::join).sum());
        });
  }

  @OnEach
  void anInterruptEndsAGetAndLeavesTheFutureAlone(On on) throws Exception {
    on.run(
        () -> {
          var never = new CompletableFuture<String>();
          Thread.currentThread().interrupt();
          assertThrows(InterruptedException.class, never::get);
          assertTrue(!never.isDone());
        });
  }

  @OnEach
  void parallelStreams(On on) throws Exception {
    on.run(
        () ->
            On.all(
                20,
                i -> {
                  assertEquals(
                      49_995_000L, IntStream.range(0, 10_000).parallel().mapToLong(n -> n).sum());
                  var numbers = new int[20_000];
                  Arrays.parallelSetAll(numbers, n -> (n * 7919) % 20_011);
                  Arrays.parallelSort(numbers);
                  assertTrue(
                      IntStream.range(1, 20_000).allMatch(n -> numbers[n - 1] <= numbers[n]));
                }));
  }

  @OnEach
  void goroutinesInsideAParallelStream(On on) throws Exception {
    var count = new AtomicInteger();
    on.run(
        () -> {
          Scheduler s = Scheduler.current();
          IntStream.range(0, 100)
              .parallel()
              .forEach(
                  n ->
                      s.submit(
                              () -> {
                                assertNotNull(Goroutine.current());
                                return count.incrementAndGet();
                              })
                          .join());
        });
    assertEquals(100, count.get());
  }

  @OnEach
  void exchanger(On on) throws Exception {
    var exchanger = new Exchanger<Integer>();
    on.run(
        () ->
            On.all(
                2,
                i -> {
                  for (int r = 0; r < 100; r++) {
                    assertEquals(1 - i, exchanger.exchange(i, On.LIMIT_SECONDS, SECONDS));
                  }
                }));
  }
}
