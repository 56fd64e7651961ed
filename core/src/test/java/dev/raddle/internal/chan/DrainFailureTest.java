package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A failure under the lock gives it back. */
@Timeout(60)
class DrainFailureTest {
  @Test
  void aFailureInABatchLeavesTheLockFree() throws Exception {
    var chan = new Unbounded(null);
    chan.send(1);
    var backlog = Unbounded.class.getDeclaredField("backlog");
    backlog.setAccessible(true);
    backlog.set(chan, 1); // a broken invariant, in place of a full heap
    assertThrows(AssertionError.class, () -> chan.drainTo(new ArrayList<>(), 10));
    assertTrue(chan.tryLock(), "the lock is held");
  }
}
