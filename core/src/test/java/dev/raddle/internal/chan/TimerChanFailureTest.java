package dev.raddle.internal.chan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.internal.sched.Alarm;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap without room for an alarm: whoever waits for the timer is served all the same. */
@Timeout(60)
class TimerChanFailureTest {
  private static final long DELAY_NANOS = 1_000_000;

  /** Every alarm fails twice: before it is in the heap, and after. */
  private static final class Failing extends TimerChan {
    private final AtomicInteger calls = new AtomicInteger();

    Failing(long periodNanos) {
      super(DELAY_NANOS, periodNanos);
    }

    @Override
    void set(Alarm a) {
      int call = calls.getAndIncrement() % 3;
      if (call != 0) {
        super.set(a);
      }
      if (call != 2) {
        throw new OutOfMemoryError("injected");
      }
    }
  }

  @Test
  void aReceiverIsServed() throws Exception {
    var c = new Failing(0);
    assertInstanceOf(Instant.class, c.recv(null));
    assertTrue(c.calls.get() >= 3, c.calls::toString);
  }

  @Test
  void soIsTheSecondInLine() throws Exception {
    var c =
        new Failing(DELAY_NANOS); // the alarm of the first sets the next, on a scheduler's thread
    var first = new CompletableFuture<@Nullable Object>();
    Go.go(() -> first.complete(c.recv(null)));
    assertInstanceOf(Instant.class, c.recv(null));
    assertInstanceOf(Instant.class, first.get(50, TimeUnit.SECONDS));
  }

  @Test
  void soIsASelect() throws Exception {
    var c = new Failing(0);
    var select = new Select(new Hchan[] {c}, new boolean[1], new @Nullable Object[1]);
    assertEquals(0, select.run(-1));
    assertInstanceOf(Instant.class, select.received());
  }
}
