package dev.raddle.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.util.concurrent.CompletableFuture;

/** Deep stacks: parked, and too deep. */
class DeepStackTest {
  /**
   * Frames of the recursion that parks; interpreted ones take most of the 1 MB that a thread has.
   */
  private static final int DEPTH = 2000;

  private interface Bottom {
    int run() throws Exception;
  }

  /** Parks at the bottom and at every hundredth frame on the way back. */
  private static int down(int depth, Bottom bottom) throws Exception {
    if (depth == 0) {
      return bottom.run();
    }
    int below = down(depth - 1, bottom);
    if (depth % 100 == 0) {
      Go.gosched();
    }
    return below + 1;
  }

  @OnEach
  void recursionThatParks(On on) throws Exception {
    on.run(
        () -> {
          Chan<Integer> ch = Chan.make();
          On.all(
              20,
              i -> {
                if (i % 2 == 0) {
                  assertEquals(DEPTH + 7, down(DEPTH, ch::recv));
                } else {
                  assertEquals(
                      DEPTH,
                      down(
                          DEPTH,
                          () -> {
                            Thread.sleep(On.SHORT);
                            ch.send(7);
                            return 0;
                          }));
                }
              });
        });
  }

  @SuppressWarnings("InfiniteRecursion") // what the test is about
  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }

  @OnEach
  void anOverflowEndsItsGoroutineAndNoOther(On on) throws Exception {
    on.run(
        () -> {
          Chan<Integer> ch = Chan.make();
          var others =
              On.start(
                  Scheduler.current(),
                  () -> {
                    int expected = 0;
                    for (int n : ch) {
                      assertEquals(expected++, n);
                    }
                  });
          for (int round = 0; round < 10; round++) {
            var overflow = new CompletableFuture<Throwable>();
            Go.go(
                () -> {
                  Thread.currentThread()
                      .setUncaughtExceptionHandler((t, e) -> overflow.complete(e));
                  endless(0);
                });
            ch.send(round);
            assertInstanceOf(StackOverflowError.class, overflow.get(On.LIMIT_SECONDS, SECONDS));
          }
          ch.close();
          On.await(others);
        });
  }

  @OnEach
  void anOverflowMayBeCaughtAndTheGoroutineGoesOn(On on) throws Exception {
    on.run(
        () ->
            On.all(
                4,
                i -> {
                  assertThrows(StackOverflowError.class, () -> endless(0));
                  Thread.sleep(On.SHORT);
                  assertEquals(DEPTH, down(DEPTH, () -> 0));
                }));
  }
}
