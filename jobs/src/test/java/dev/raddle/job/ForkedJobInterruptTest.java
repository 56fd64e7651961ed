package dev.raddle.job;

import static dev.raddle.job.Runs.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.runtime.Scheduler;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** A cancelled job that runs in place, and interrupts of its joiner by others. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "there jobs begin at once, not in place")
class ForkedJobInterruptTest {
  private static final int STOLEN = -1;

  private final Chan<Integer> never = Chan.make();
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private static void spinUntil(CountDownLatch latch) {
    while (latch.getCount() > 0) { // takes no interrupt up; ends by the time limit
      Thread.onSpinWait();
    }
  }

  /** Runs {@code work} in place while {@code others} act; whether an interrupt is left then. */
  private boolean interruptedAfter(Callable<Integer> work, Others others) throws Exception {
    var forked = new AtomicReference<@Nullable Job<Integer>>();
    Thread joiner = Thread.currentThread();
    Thread actor =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    Runs.await(began);
                    others.act(joiner, Objects.requireNonNull(forked.get()));
                  } catch (Throwable t) {
                    failure.set(t);
                  } finally {
                    goOn.countDown();
                  }
                });
    Callable<Integer> inPlace =
        () -> {
          if (Thread.currentThread() != joiner) {
            return STOLEN; // the joiner was late: once more
          }
          began.countDown();
          return work.call();
        };
    assertThrows(
        CancellationException.class,
        () -> {
          int result;
          do {
            Job<Integer> job = Jobs.fork(inPlace);
            forked.set(job);
            result = job.join();
          } while (result == STOLEN);
        });
    boolean left = Thread.interrupted();
    actor.join();
    assertEquals(null, failure.get());
    return left;
  }

  private interface Others {
    void act(Thread joiner, Job<Integer> job) throws Exception;
  }

  /** Looks at no interrupt before it may go on. */
  private int blind() throws InterruptedException {
    spinUntil(goOn);
    return never.recv();
  }

  @Test
  void whatCameBeforeTheCancellationStays() throws Exception {
    Runs.on(
        1,
        () ->
            assertTrue(
                interruptedAfter(
                    this::blind,
                    (joiner, job) -> {
                      joiner.interrupt();
                      assertTrue(job.cancel());
                    })));
  }

  @Test
  void whatCameAfterTheCancellationWasTakenUpStays() throws Exception {
    Runs.on(
        1,
        () ->
            assertTrue(
                interruptedAfter(
                    () -> {
                      try {
                        return never.recv();
                      } catch (InterruptedException e) {
                        taken.countDown();
                        spinUntil(goOn);
                        throw e;
                      }
                    },
                    (joiner, job) -> {
                      assertTrue(job.cancel());
                      Runs.await(taken);
                      joiner.interrupt();
                    })));
  }

  @Test
  void theCancellationAloneLeavesNothing() throws Exception {
    Runs.on(1, () -> assertFalse(interruptedAfter(this::blind, (joiner, job) -> job.cancel())));
  }

  /** At any time: here both are one for the thread. */
  @Test
  void theSchedulersIsNeverLost() throws Exception {
    var left = new AtomicReference<@Nullable Boolean>();
    var s = Scheduler.builder().processors(1).build();
    var closer = new AtomicReference<@Nullable Thread>();
    s.go(
        () ->
            left.set(
                interruptedAfter(
                    this::blind,
                    (joiner, job) -> {
                      assertTrue(job.cancel());
                      Thread c = Thread.ofPlatform().start(s::closeNow);
                      closer.set(c);
                      until(() -> c.getState() == Thread.State.WAITING); // told all
                    })));
    Runs.await(goOn);
    Objects.requireNonNull(closer.get()).join();
    assertEquals(true, left.get());
  }
}
