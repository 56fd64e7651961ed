package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitGroupTest {
  @Test
  void waitsForAllAgainAndAgain() throws Exception {
    var wg = new WaitGroup();
    var count = new AtomicInteger();
    for (int round = 1; round <= 100; round++) {
      for (int i = 0; i < 10; i++) {
        wg.go(count::incrementAndGet);
      }
      wg.await();
      assertEquals(round * 10, count.get());
    }
  }

  /** Follows TestWaitGroupMisuse of Go's sync/waitgroup_test.go. */
  @Test
  void aNegativeCounterIsRefusedAndLeftAsItWas() throws Exception {
    var wg = new WaitGroup();
    wg.add(1);
    assertEquals(
        "sync: negative WaitGroup counter: expected at least 2, found 1",
        assertThrows(IllegalStateException.class, () -> wg.add(-2)).getMessage());
    wg.done();
    wg.await();
  }

  /** Follows TestWaitGroupRace (sync/waitgroup_test.go): the wait sees what was done. */
  @Test
  void whatWasDoneIsSeen() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      var wg = new WaitGroup();
      var n = new AtomicInteger();
      wg.add(2);
      for (int k = 0; k < 2; k++) {
        Go.go(
            () -> {
              n.incrementAndGet();
              wg.done();
            });
      }
      wg.await();
      assertEquals(2, n.get());
    }
  }

  @Test
  void manyWaitAndOneOfThemGivesUp() throws Exception {
    var wg = new WaitGroup();
    wg.add(1);
    Chan<String> ends = Chan.make(3);
    Thread[] waiters = new Thread[3];
    for (int i = 0; i < 3; i++) {
      waiters[i] =
          Thread.startVirtualThread(
              () -> {
                try {
                  wg.await();
                  ends.trySend("waited");
                } catch (InterruptedException e) {
                  ends.trySend("interrupted");
                }
              });
    }
    while (!wg.toString().equals("WaitGroup counter=1 waiting=3")) {
      Thread.onSpinWait();
    }
    waiters[1].interrupt();
    assertEquals("interrupted", ends.recv());
    wg.done();
    assertEquals("waited", ends.recv());
    assertEquals("waited", ends.recv());
    assertEquals("WaitGroup counter=0 waiting=0", wg.toString());
  }
}
