package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * To park, to ready and to yield allocates nothing. Counted is what the Ms allocate: the JVM counts
 * what a virtual thread allocates with its carrier, stacks that it freezes included.
 */
@Timeout(120)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's threads")
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 100_000;
  private static final int TIMES = 500_000;

  /** A thousandth of what one object for each would be: a new stack after a collection, say. */
  private static final long TOLERANCE_BYTES = TIMES * 2L * 16 / 100;

  private interface Step {
    void run() throws Exception;
  }

  private static ProcSched with(int processors) {
    return ProcSched.isolated(
        new SchedConfig("alloc", processors, new int[0], SchedConfig.QUEUE_CAPACITY, true));
  }

  private static void go(ProcSched sched, CompletableFuture<?> failed, Step step) {
    sched.spawn(
        new G() {
          @Override
          protected void body() {
            try {
              step.run();
            } catch (Throwable t) {
              failed.completeExceptionally(t);
            }
          }
        });
  }

  /** By all Ms until now; there is one for each P, and they are there after the warm-up. */
  private static long allocated(ProcSched sched) {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      ThreadInfo info = THREADS.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("raddle-" + sched.name() + "-m")) {
        sum += Math.max(0, THREADS.getThreadAllocatedBytes(id));
      }
    }
    return sum;
  }

  private static void none(long bytes) {
    assertTrue(
        bytes <= TOLERANCE_BYTES, () -> bytes + " bytes for " + TIMES + " times two goroutines");
  }

  /** One of two that wake each other by turns. */
  private static final class Turn extends Waiter {
    @Override
    protected boolean withdraw() {
      return false;
    }

    void pass(Turn other) throws InterruptedException {
      other.ready();
      await(WaitReason.CHAN_RECEIVE);
      again();
    }
  }

  /** Enters both turns, each made by its own goroutine. */
  private static long pingPong(int processors) throws Exception {
    ProcSched sched = with(processors);
    var bytes = new CompletableFuture<Long>();
    var one = new CompletableFuture<Turn>();
    var two = new CompletableFuture<Turn>();
    go(
        sched,
        bytes,
        () -> {
          var mine = new Turn();
          two.complete(mine);
          Turn other = one.get();
          mine.await(WaitReason.CHAN_RECEIVE);
          mine.again();
          for (int i = 1; i < WARM_UP + TIMES; i++) {
            mine.pass(other);
          }
          other.ready();
        });
    go(
        sched,
        bytes,
        () -> {
          var mine = new Turn();
          one.complete(mine);
          Turn other = two.get();
          for (int i = 0; i < WARM_UP; i++) {
            mine.pass(other);
          }
          long before = allocated(sched);
          for (int i = 0; i < TIMES; i++) {
            mine.pass(other);
          }
          bytes.complete(allocated(sched) - before);
        });
    long n = bytes.get(100, TimeUnit.SECONDS);
    sched.close();
    return n;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void parkAndReady(int processors) throws Exception {
    none(pingPong(processors));
  }

  /** More goroutines than Ps: on two they are stolen all the time. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void yieldsAndSteals(int processors) throws Exception {
    ProcSched sched = with(processors);
    var bytes = new CompletableFuture<Long>();
    int yielders = 3;
    var warm = new CountDownLatch(yielders);
    var done = new CountDownLatch(yielders);
    for (int g = 0; g < yielders; g++) {
      go(
          sched,
          bytes,
          () -> {
            for (int i = 0; i < WARM_UP; i++) {
              sched.gosched();
            }
            warm.countDown();
            warm.await();
            for (int i = 0; i < TIMES; i++) {
              sched.gosched();
            }
            done.countDown();
          });
    }
    go(
        sched,
        bytes,
        () -> {
          warm.await();
          long before = allocated(sched);
          done.await();
          bytes.complete(allocated(sched) - before);
        });
    none(bytes.get(100, TimeUnit.SECONDS));
    sched.close();
  }

  @Test
  void theCounterSeesAnObjectForEach() throws Exception {
    ProcSched sched = with(1);
    var bytes = new CompletableFuture<Long>();
    go(
        sched,
        bytes,
        () -> {
          long before = allocated(sched);
          var kept = new Object[1];
          for (int i = 0; i < TIMES; i++) {
            kept[0] = new byte[1];
            if (i % 100 == 0) {
              sched.gosched();
            }
          }
          bytes.complete(allocated(sched) - before);
        });
    assertTrue(bytes.get(100, TimeUnit.SECONDS) > TOLERANCE_BYTES);
    sched.close();
  }
}
