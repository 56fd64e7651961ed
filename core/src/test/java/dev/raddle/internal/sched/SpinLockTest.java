package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.util.SpinLock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's processors")
class SpinLockTest {
  private static <T> CompletableFuture<T> go(ProcSched s, Callable<T> act) {
    var result = new CompletableFuture<T>();
    s.spawn(
        new G() {
          @Override
          protected void body() throws Exception {
            result.complete(act.call());
          }
        });
    return result;
  }

  /**
   * A goroutine may hold the right to run in its hands, as a waker of others does, or another lock.
   */
  @Test
  void aGoroutineThatWaitsForASpinLockKeepsItsThread() throws Exception {
    var s = new ProcSched(new SchedConfig("spin", 1, new int[0], 16, true));
    P p = s.procs.all()[0];
    var lock = new SpinLock();
    lock.lock();
    var carrier = new CompletableFuture<Thread>();
    CompletableFuture<Integer> waiter =
        go(
            s,
            () -> {
              int before = p.tick();
              CompletableFuture<Integer> next = go(s, () -> 0); // would run next
              carrier.complete(
                  Objects.requireNonNull(VirtualThreads.carrier(Thread.currentThread())));
              lock.lock();
              lock.unlock();
              return next.isDone() ? 1 : p.tick() - before;
            });
    Thread on = carrier.get(30, TimeUnit.SECONDS);
    while (on.getState() != Thread.State.TIMED_WAITING && !waiter.isDone()) {
      Thread.onSpinWait();
    }
    lock.unlock();
    assertEquals(0, waiter.get(30, TimeUnit.SECONDS), "goroutines that ran while it waited");
    s.close();
  }
}
