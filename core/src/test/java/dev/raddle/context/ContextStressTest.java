package dev.raddle.context;

import static dev.raddle.context.Waits.assertCanceled;
import static dev.raddle.context.Waits.awaitEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Races of everything that can end a context; each lasts {@link #TIME} at most. */
@Timeout(120)
class ContextStressTest {
  private static final Duration TIME =
      Duration.ofMillis(Long.getLong("raddle.context.stress.millis", 700));

  @FunctionalInterface
  private interface Round {
    void run(int i) throws Exception;
  }

  /** Rounds until the time is up; a failure in any goroutine fails the test. */
  private static void rounds(Round round) throws Exception {
    long end = System.nanoTime() + TIME.toNanos();
    for (int i = 0; i == 0 || System.nanoTime() - end < 0; i++) {
      round.run(i);
    }
  }

  /** Runs both at about the same time. */
  private static void race(Round... racers) throws Exception {
    var failure = new AtomicReference<@Nullable Throwable>();
    var wg = new WaitGroup();
    var left = new AtomicInteger(racers.length);
    for (int r = 0; r < racers.length; r++) {
      int k = r;
      wg.go(
          () -> {
            left.decrementAndGet();
            for (int spin = 0; left.get() > 0 && spin < 1_000; spin++) {
              Thread.onSpinWait();
            }
            try {
              racers[k].run(k);
            } catch (Exception | AssertionError e) {
              failure.compareAndSet(null, e);
            }
          });
    }
    wg.await();
    Throwable t = failure.get();
    if (t != null) {
      throw new AssertionError(t);
    }
  }

  @Test
  void cancelAgainstAfterFunc() throws Exception {
    rounds(
        i -> {
          var ctx = Context.background().withCancel();
          var calls = new AtomicInteger();
          Chan<Boolean> called = Chan.make(2);
          race(
              k -> ctx.cancel(),
              k ->
                  ctx.afterFunc(
                      () -> {
                        calls.incrementAndGet();
                        called.send(true);
                      }));
          awaitEnd(called);
          assertEquals(1, calls.get());
        });
  }

  @Test
  void cancelAgainstStop() throws Exception {
    rounds(
        i -> {
          var ctx = Context.background().withCancel();
          var calls = new AtomicInteger();
          var stopped = new AtomicBoolean();
          Chan<Void> last = Chan.make();
          var stop = ctx.afterFunc(calls::incrementAndGet);
          race(k -> ctx.cancel(), k -> stopped.set(stop.stop()));
          if (!stopped.get()) {
            Waits.until("the call", () -> calls.get() > 0);
          }
          ctx.afterFunc(last::close);
          awaitEnd(last);
          assertEquals(stopped.get() ? 0 : 1, calls.get());
        });
  }

  @Test
  void cancelAgainstTheMakingAndClosingOfChildren() throws Exception {
    var cause = new Exception("cause");
    rounds(
        i -> {
          var ctx = Context.background().withCancelCause();
          Round maker =
              k -> {
                for (int n = 0; n < 20; n++) {
                  var child = n % 2 == 0 ? ctx.withCancel() : ctx.withTimeout(Waits.LONG);
                  var below = child.withValue(Context.Key.of("k"), n).withCancel();
                  if (n % 3 == 0) {
                    child.cancel();
                    assertCanceled(child, below);
                  } else if (ctx.err() != null) {
                    awaitEnd(below.done());
                    assertSame(cause, below.cause());
                  }
                }
              };
          race(
              k -> {
                ctx.cancel(cause);
                assertCanceled(ctx);
              },
              maker,
              maker);
          assertEquals(0, ((CancelCtx) ctx).countChildren());
        });
  }

  /** All that is below has ended when cancel returns, whichever of the cancels won. */
  @Test
  void cancelAgainstCancelOfAParent() throws Exception {
    rounds(
        i -> {
          var top = Context.background().withCancel();
          var middle = top.withCancel();
          Context[] below = new Context[10];
          for (int n = 0; n < below.length; n++) {
            below[n] = middle.withCancel().withCancel();
            below[n].done();
          }
          Round check = k -> assertCanceled(below);
          race(
              k -> {
                top.cancel();
                check.run(k);
              },
              k -> {
                middle.cancel();
                check.run(k);
              },
              k -> {
                middle.cancel();
                check.run(k);
              });
        });
  }

  @Test
  void theDeadlineAgainstCancel() throws Exception {
    var reason = new Exception("reason");
    var late = new Exception("late");
    int[] won = new int[2];
    rounds(
        i -> {
          var ctx =
              Context.background().withTimeoutCause(Duration.ofNanos(1_000L * (i % 100)), late);
          var child = ctx.withCancel();
          race(
              k -> {
                ctx.cancel(reason);
                assertNotNull(ctx.err());
                assertNotNull(child.done().tryRecv());
              },
              k -> awaitEnd(child.done()));
          Throwable cause = ctx.cause();
          assertSame(ctx.err(), child.err());
          assertSame(cause, child.cause());
          boolean canceled = !(ctx.err() instanceof DeadlineExceededException);
          assertSame(canceled ? reason : late, cause);
          won[canceled ? 0 : 1]++;
        });
    assertTrue(won[0] + won[1] > 0);
  }
}
