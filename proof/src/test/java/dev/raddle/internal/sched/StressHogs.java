package dev.raddle.internal.sched;

import static dev.raddle.Go.gosched;
import static dev.raddle.Go.sleep;

import dev.raddle.Chan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Hogs of the stress mix that go on until others have moved, while goroutines beside them yield for
 * ever, so that no P is ever idle: what strands in the P that was taken from the hog stays there.
 * Each is a round of its own, as a second hog would make an M search.
 */
final class StressHogs {
  private StressHogs() {}

  static final List<Consumer<StressRound>> ALL =
      List.of(StressHogs::overTimers, StressHogs::overReadied);

  /**
   * So many yields take a tenth of a second or more: whoever could run all that time is stranded.
   */
  private static final long MOST_YIELDS = 1_000_000;

  /** Yields, on as many goroutines as there may be Ps and more. */
  private static final class Yielders {
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder yields = new LongAdder();

    Yielders(StressRound r) {
      for (int i = 0; i < 6; i++) {
        r.go(
            () -> {
              while (!over.get()) {
                gosched();
                yields.increment();
              }
            });
      }
    }

    /** Spins; what {@code end} tells must come about without the P under the caller. */
    void spinUntil(BooleanSupplier end, String what) {
      long before = yields.sum();
      while (!end.getAsBoolean()) {
        if (yields.sum() - before > MOST_YIELDS) {
          over.set(true);
          throw new AssertionError(what + " beside " + MOST_YIELDS + " yields of others");
        }
      }
    }
  }

  private static void spin(Duration time) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      Thread.onSpinWait();
    }
  }

  /** The sleepers' timers are in the hog's P. */
  static void overTimers(StressRound r) {
    int sleepers = r.upTo(5);
    var sleep = Duration.ofMillis(20 + r.upTo(40));
    r.go(
        () -> {
          var asleep = new CountDownLatch(sleepers);
          for (int i = 0; i < sleepers; i++) {
            r.go(
                () -> {
                  sleep(sleep);
                  asleep.countDown();
                });
          }
          gosched(); // they begin to sleep
          var yielders = new Yielders(r);
          spin(sleep);
          yielders.spinUntil(() -> asleep.getCount() == 0, "sleepers slept on");
          yielders.over.set(true);
        });
  }

  /** What the hog readies is in its P, which has no right to run any more. */
  static void overReadied(StressRound r) {
    int wakes = r.upTo(5);
    Chan<Integer> chan = Chan.make();
    var woken = new AtomicInteger();
    r.go(
        () -> {
          for (int n = 0; n < wakes; n++) {
            chan.recv();
            woken.incrementAndGet();
          }
        });
    r.go(
        () -> {
          var yielders = new Yielders(r);
          for (int n = 0; n < wakes; n++) {
            int before = n;
            spin(Duration.ofMillis(15));
            chan.send(n);
            yielders.spinUntil(() -> woken.get() > before, "a receiver did not run");
          }
          yielders.over.set(true);
        });
  }
}
