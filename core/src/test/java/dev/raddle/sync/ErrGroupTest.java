package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Context;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names of x/sync/errgroup/errgroup_test.go. */
@Timeout(60)
class ErrGroupTest {
  /** Follows TestZeroGroup: the first failure comes back, the others are with it. */
  @Test
  void theFirstFailureComesBack() throws Exception {
    var none = new ErrGroup();
    none.await();
    var g = new ErrGroup();
    var first = new IOException("first");
    var second = new IOException("second");
    Chan<Void> failed = Chan.make();
    g.go(
        () -> {
          throw first;
        });
    g.go(
        ctx -> {
          ctx.done().receive();
          failed.close();
          throw second;
        });
    failed.receive();
    var e = assertThrows(IOException.class, g::await);
    assertSame(first, e);
    assertSame(second, e.getSuppressed()[0]);
  }

  /** Follows TestTryGo. */
  @Test
  void tryGoRefusesBeyondTheLimit() throws Exception {
    var g = new ErrGroup();
    int n = 42;
    g.setLimit(n);
    Chan<Boolean> ch = Chan.make();
    for (int i = 0; i < n; i++) {
      assertTrue(g.tryGo(ctx -> ch.recv()));
    }
    assertFalse(g.tryGo(ctx -> {}));
    for (int i = 0; i < n; i++) {
      ch.send(true);
    }
    g.await();
    assertTrue(g.tryGo(ctx -> {}));
    g.await();

    g.setLimit(1);
    Chan<Void> stop = Chan.make();
    assertTrue(g.tryGo(ctx -> stop.receive()));
    assertFalse(g.tryGo(ctx -> {}));
    stop.close();
    g.await();

    g.setLimit(-7); // none
    for (int i = 0; i < n; i++) {
      assertTrue(g.tryGo(ctx -> {}));
    }
    g.await();
    g.setLimit(0);
    assertFalse(g.tryGo(ctx -> {}));
  }

  /** Follows TestGoLimit: go waits while there are as many. */
  @Test
  void goWaitsWhileThereAreAsMany() throws Exception {
    int limit = 10;
    var g = new ErrGroup();
    g.setLimit(limit);
    var active = new AtomicInteger();
    for (int i = 0; i <= 1 << 10; i++) {
      g.go(
          () -> {
            int n = active.incrementAndGet();
            if (n > limit) {
              throw new IOException("saw " + n);
            }
            Go.gosched();
            active.decrementAndGet();
          });
    }
    g.await();
  }

  @Test
  void theLimitIsNotChangedWhileSomeRun() throws Exception {
    var g = ErrGroup.withContext(Context.background());
    Chan<Void> stop = Chan.make();
    g.go(() -> stop.receive());
    assertEquals(
        "errgroup: modify limit while 1 goroutines in the group are still active",
        assertThrows(IllegalStateException.class, () -> g.setLimit(2)).getMessage());
    stop.close();
    g.await();
    g.setLimit(2);
  }

  @Test
  void goexitIsNoFailure() throws Exception {
    var g = new ErrGroup();
    g.setLimit(1);
    g.go(() -> Go.goexit());
    g.go(() -> {});
    g.await();
  }

  @Test
  void anyThrowableIsAFailure() {
    var g = new ErrGroup();
    g.go(
        () -> {
          throw new StackOverflowError("deep");
        });
    assertThrows(StackOverflowError.class, g::await);
  }
}
