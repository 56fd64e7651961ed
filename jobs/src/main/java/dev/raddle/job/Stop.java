package dev.raddle.job;

import dev.raddle.internal.sched.G;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * The cancellation of one job that had been claimed.
 *
 * Roles      The canceller sends it; the thread that ends the job swallows it.
 * Several    Jobs that run in place share a thread, and with it the interrupt status. PENDING counts, for
 *            a goroutine, the stops sent and not swallowed; what is left over interrupts again.
 * Ordering   R1  count, interrupt, sent = true  <->  sent read true, interrupt cleared, count read.
 *            A stop that is counted after that read interrupts after the clearing.
 */
final class Stop {
  private static final ConcurrentHashMap<G, Integer> PENDING = new ConcurrentHashMap<>();

  private final @Nullable G runner;
  private volatile boolean sent;

  /** Null: it has not begun, and will see in its state that it must not. */
  Stop(@Nullable G runner) {
    this.runner = runner;
  }

  void send() {
    G g = runner;
    if (g != null) {
      PENDING.merge(g, 1, Integer::sum);
      Thread t = g.thread(); // it stays until the stop is swallowed
      if (t != null) {
        t.interrupt();
      }
    }
    sent = true;
  }

  /** On the runner's thread, after the job. */
  void swallow() {
    if (runner == null) {
      return;
    }
    for (int spins = 0; !sent; spins++) {
      if (spins < 1000) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // the system has taken the canceller's thread away
      }
    }
    Thread.interrupted();
    Integer left = PENDING.computeIfPresent(runner, (g, n) -> n == 1 ? null : n - 1);
    if (left != null) {
      Thread.currentThread().interrupt();
    }
  }
}
