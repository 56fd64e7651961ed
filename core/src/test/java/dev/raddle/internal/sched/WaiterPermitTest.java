package dev.raddle.internal.sched;

import static dev.raddle.Go.go;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A wake-up is not lost though the thread that waits has a permit left from elsewhere. */
class WaiterPermitTest {
  private static final int ROUNDS = 300_000;

  private static final class Wait extends Waiter {
    @Override
    protected boolean withdraw() {
      return false;
    }
  }

  private volatile @Nullable Wait waiting;
  private final int[] cold = new int[16 << 20];

  @Test
  void aLeftoverPermitHidesNoWakeUp() throws Exception {
    var end = new CountDownLatch(1);
    go(
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            var wait = new Wait();
            LockSupport.unpark(Thread.currentThread());
            waiting = wait;
            wait.await(WaitReason.SLEEP);
          }
          end.countDown();
        });
    var random = ThreadLocalRandom.current();
    while (end.getCount() > 0 && !isOver()) {
      Wait wait = waiting;
      if (wait != null) {
        waiting = null;
        for (int i = 0; i < 20; i++) { // what is in no cache keeps done in the store buffer
          cold[random.nextInt(cold.length)] = i;
        }
        wait.ready();
      }
    }
    boolean all = end.await(1, TimeUnit.SECONDS);
    Wait lost = waiting;
    if (lost != null) {
      lost.ready();
    }
    assertTrue(all, "a goroutine sleeps that was readied");
  }

  private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);

  private boolean isOver() {
    return System.nanoTime() - deadline > 0;
  }
}
