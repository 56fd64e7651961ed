package dev.raddle.job;

import dev.raddle.internal.sched.G;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * The cancellation of one job that had been claimed.
 *
 * Roles      The canceller sends it; the thread that ends the job swallows it.
 * Several    Jobs that run in place share a thread, and with it the interrupt status. PENDING counts, for
 *            a goroutine, the stops sent and not swallowed; what is left over interrupts again. MIXED says
 *            that there were several since there was none.
 * Whose      The status is one bit for all who interrupt. An interrupt is somebody else's, and stays with
 *            the joiner, if the bit was set before this stop set it; if it is set again after the job took
 *            one up (it ended by an InterruptedException, and whoever throws that clears the bit); or if
 *            the scheduler has told the goroutine to end meanwhile. With several stops only the last
 *            can be told, since they may have interrupted again for one another.
 * Lost       A foreign interrupt between the stop's and the moment at which the job takes it up: the bit
 *            is set already. Why not count them: Thread.interrupt() tells nobody, but the NIO channel in use.
 * Ordering   R1  count, interrupt, sent = true  <->  sent read true, interrupt cleared, count read.
 *            A stop that is counted after that read interrupts after the clearing.
 */
final class Stop {
  private static final ConcurrentHashMap<G, Integer> PENDING = new ConcurrentHashMap<>();
  private static final int MIXED = 1 << 30;

  private final @Nullable G runner;
  private final boolean toldBefore;

  /** The bit was set when this stop came, and by none of ours. Published by sent. */
  private boolean foreign;

  private volatile boolean sent;

  /** Null: it has not begun, and will see in its state that it must not. */
  Stop(@Nullable G runner) {
    this.runner = runner;
    toldBefore = runner != null && runner.isToldToEnd();
  }

  void send() {
    G g = runner;
    if (g != null) {
      int pending = PENDING.merge(g, 1, (n, one) -> n + one | MIXED);
      Thread t = g.thread(); // it stays until the stop is swallowed
      if (t != null) {
        foreign = pending == 1 && t.isInterrupted();
        t.interrupt();
      }
    }
    sent = true;
  }

  /**
   * On the runner's thread, after the job.
   *
   * @param taken whether the job ended by an {@link InterruptedException}
   */
  void swallow(boolean taken) {
    G g = runner;
    if (g == null) {
      return;
    }
    for (int spins = 0; !sent; spins++) {
      if (spins < 1000) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // the system has taken the canceller's thread away
      }
    }
    boolean again = Thread.interrupted() && taken;
    int left = one(g);
    boolean others = left == 0 && (foreign || again);
    if ((left & ~MIXED) > 0 || others || (g.isToldToEnd() && !toldBefore)) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes one out of PENDING; what is left, with MIXED if there were several. */
  private static int one(G g) {
    int[] left = new int[1];
    PENDING.computeIfPresent(
        g,
        (same, n) -> {
          left[0] = n - 1;
          return left[0] == MIXED || left[0] == 0 ? null : left[0];
        });
    return left[0];
  }
}
