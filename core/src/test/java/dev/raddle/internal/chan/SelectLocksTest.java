package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.internal.chan.Hchan.Attempt;
import dev.raddle.internal.chan.Hchan.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which locks a select does without: it ends while the test holds them. */
@Timeout(60)
class SelectLocksTest {
  private final Hchan a = new Hchan(0);
  private final Hchan b = new Hchan(0);

  private Select select(Hchan first, Hchan second) {
    return new Select(
        new @Nullable Hchan[] {first, second}, new boolean[2], new @Nullable Object[2]);
  }

  @Test
  void oneThatIsReadyTakesNoOtherLock() throws Exception {
    var full = new Hchan(1);
    for (boolean first : new boolean[] {true, false}) {
      full.send("x");
      Select s = first ? select(full, b) : select(b, full);
      b.lock();
      try {
        assertEquals(first ? 0 : 1, s.run(-1));
      } finally {
        b.unlock();
      }
      assertEquals("x", s.received());
    }
  }

  @Test
  void oneThatHasWaitedDoesNotTakeTheLockOfTheWinner() throws Exception {
    CompletableFuture<@Nullable Object> got = waiting();
    var attempt = new Attempt();
    a.lock();
    try {
      assertEquals(Outcome.DONE, a.sendLocked("x", attempt));
      attempt.finish();
      assertEquals("x", got.get(30, TimeUnit.SECONDS));
    } finally {
      a.unlock();
    }
    assertEquals(false, b.trySend("nobody is there"));
  }

  @Test
  void norThatOfAChannelThatHasDroppedIt() throws Exception {
    CompletableFuture<@Nullable Object> got = waiting();
    var attempt = new Attempt();
    a.lock();
    b.lock();
    try {
      assertEquals(Outcome.DONE, a.sendLocked("x", attempt));
      assertEquals(Outcome.BLOCKED, b.sendLocked("y", new Attempt()));
      attempt.finish();
      assertEquals("x", got.get(30, TimeUnit.SECONDS));
    } finally {
      b.unlock();
      a.unlock();
    }
  }

  /** A select that waits on both channels. */
  private CompletableFuture<@Nullable Object> waiting() {
    var got = new CompletableFuture<@Nullable Object>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              Select s = select(a, b);
              try {
                s.run(-1);
                got.complete(s.received());
              } catch (InterruptedException e) {
                got.completeExceptionally(e);
              }
            });
    while (!waits(a) || !waits(b)) { // ends by the time limit
      Thread.yield();
    }
    return got;
  }

  private static boolean waits(Hchan c) {
    c.lock();
    boolean some = !c.receivers.isEmpty();
    c.unlock();
    return some;
  }
}
