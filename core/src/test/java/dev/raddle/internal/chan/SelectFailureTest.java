package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.internal.timer.Timer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A select that is queued and then cannot arm its timeout: nothing passed to it may be lost. */
@Timeout(60)
class SelectFailureTest {
  private static final long HOUR = 3_600_000_000_000L;

  /** Its first timeout fails, after something has happened to its channels. */
  private static final class Failing extends Select {
    private final Runnable meanwhile;
    private int failures = 1;

    Failing(
        Runnable meanwhile, @Nullable Hchan[] chans, boolean[] sends, @Nullable Object[] elems) {
      super(chans, sends, elems);
      this.meanwhile = meanwhile;
    }

    @Override
    Timer arm(SelectWait w, long timeoutNanos) {
      if (failures-- <= 0) {
        return super.arm(w, timeoutNanos);
      }
      meanwhile.run();
      throw new InternalError("in place of a full heap, at which JUnit gives up");
    }
  }

  private final Hchan a = new Hchan(0);
  private final Hchan b = new Hchan(0);

  private Failing select(Runnable meanwhile, boolean sends) {
    return new Failing(
        meanwhile,
        new @Nullable Hchan[] {a, b},
        new boolean[] {false, sends},
        new @Nullable Object[] {null, sends ? "out" : null});
  }

  @Test
  void anElementThatWasPassedBeforeTheFailureIsReceived() throws Exception {
    Failing s = select(() -> assertEquals(true, a.trySend("passed")), false);
    assertEquals(0, s.run(HOUR));
    assertTrue(s.ok());
    assertEquals("passed", s.received());
    isUsable(s);
  }

  @Test
  void anElementThatWasTakenBeforeTheFailureIsSent() throws Exception {
    Failing s = select(() -> assertEquals("out", b.tryRecv("blocked", "closed")), true);
    assertEquals(1, s.run(HOUR));
    isUsable(s);
  }

  @Test
  void aCloseBeforeTheFailureIsSeen() throws Exception {
    Failing s = select(() -> a.close(null), false);
    assertEquals(0, s.run(HOUR));
    assertEquals(false, s.ok());
  }

  @Test
  void withoutAWinnerTheFailureGoesOnAndTheQueuesAreEmpty() throws Exception {
    Failing s = select(() -> {}, true);
    assertThrows(InternalError.class, () -> s.run(HOUR));
    assertEquals(false, a.trySend("x"));
    assertSame("blocked", b.tryRecv("blocked", "closed"));
    isUsable(s);
  }

  /** The wait of before must not answer for this one. */
  private void isUsable(Failing s) throws InterruptedException {
    assertEquals(Select.TIMEOUT, s.run(1_000_000));
    assertEquals(false, a.trySend("x"));
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                a.send("later");
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    assertEquals(0, s.run(HOUR));
    assertEquals("later", s.received());
  }
}
