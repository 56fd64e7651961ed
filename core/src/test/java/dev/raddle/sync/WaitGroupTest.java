package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
}
