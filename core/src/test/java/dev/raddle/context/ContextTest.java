package dev.raddle.context;

import static dev.raddle.context.Waits.LONG;
import static dev.raddle.context.Waits.SHORT;
import static dev.raddle.context.Waits.assertCanceled;
import static dev.raddle.context.Waits.assertEnded;
import static dev.raddle.context.Waits.assertOpen;
import static dev.raddle.context.Waits.awaitEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One context; the tests named here are those of Go's context/x_test.go. */
@Timeout(60)
class ContextTest {
  private static final Context.Key<String> K1 = Context.Key.of("k1");
  private static final Context.Key<String> K2 = Context.Key.of("k2");
  private static final Context.Key<String> K3 = Context.Key.of("k2"); // the same name, another key

  /** Follows TestBackground and TestTODO. */
  @Test
  void rootsNeverEnd() {
    for (Context c : new Context[] {Context.background(), Context.todo()}) {
      assertOpen(c);
      assertNull(c.deadline());
      assertNull(c.remaining());
      assertNull(c.value(K1));
      assertEquals(Chan.nil(), c.done());
      assertTrue(c.afterFunc(() -> {}).stop());
      c.check();
    }
    assertEquals("context.Background", Context.background().toString());
    assertEquals("context.TODO", Context.todo().toString());
  }

  /** Follows TestWithCancel. */
  @Test
  void aCancelReachesWhatIsDerived() {
    try (var c1 = Context.background().withCancel();
        var c2 = new Wrapped(c1).withCancel()) {
      assertEquals("context.Background.WithCancel", c1.toString());
      assertOpen(c1, c2, new Wrapped(c1));
      c1.cancel();
      assertCanceled(c1, c2, new Wrapped(c1));
      assertEquals("context canceled", Objects.requireNonNull(c1.err()).getMessage());
      assertSame(c1.err(), c1.err());
    }
  }

  /** Follows TestDeadline and TestTimeout. */
  @Test
  void aDeadlineEndsIt() throws Exception {
    Context bg = Context.background();
    Instant soon = Instant.now().plus(SHORT);
    try (var deadline = bg.withDeadline(soon);
        var timeout = bg.withTimeout(SHORT);
        var ofWrapped = new Wrapped(timeout).withDeadline(Instant.now().plus(LONG));
        var longer = new Wrapped(timeout).withTimeout(LONG);
        var past = bg.withDeadline(Instant.now().minus(SHORT));
        var now = bg.withDeadline(Instant.now());
        var zero = bg.withTimeout(Duration.ZERO)) {
      assertEnded(DeadlineExceededException.class, past, now, zero);
      for (Context c : new Context[] {deadline, timeout, new Wrapped(timeout), ofWrapped, longer}) {
        awaitEnd(c.done());
        assertEnded(DeadlineExceededException.class, c);
      }
      assertEquals(soon, deadline.deadline());
      assertEquals("context deadline exceeded", Objects.requireNonNull(timeout.err()).getMessage());
      for (Context c : new Context[] {deadline, timeout}) {
        assertTrue(c.toString().startsWith("context.Background.WithDeadline(2"), c::toString);
        assertTrue(Objects.requireNonNull(c.remaining()).compareTo(Duration.ZERO) <= 0);
      }
    }
  }

  @Test
  void theEarlierDeadlineCounts() {
    try (var parent = Context.background().withTimeout(Duration.ofMinutes(1));
        var wrapped = new Wrapped(parent.withValue(K1, "v")).withTimeout(LONG);
        var earlier = parent.withTimeout(Duration.ofSeconds(30))) {
      assertEquals(parent.deadline(), wrapped.deadline());
      assertEquals(parent.deadline(), parent.withValue(K1, "v").deadline());
      assertTrue(wrapped.toString().equals("wrapped.WithCancel"), wrapped::toString);
      assertTrue(Objects.requireNonNull(wrapped.remaining()).compareTo(Duration.ofMinutes(1)) <= 0);
      assertTrue(
          Objects.requireNonNull(earlier.deadline())
              .isBefore(Objects.requireNonNull(parent.deadline())));
    }
  }

  @Test
  void timesBeyondAllBoundsAreNoErrors() {
    try (var never = Context.background().withTimeout(Duration.ofSeconds(Long.MAX_VALUE));
        var max = Context.background().withDeadline(Instant.MAX);
        var past = Context.background().withTimeout(Duration.ofSeconds(Long.MIN_VALUE));
        var min = Context.background().withDeadline(Instant.MIN)) {
      assertOpen(never, max);
      assertEquals(Instant.MAX, never.deadline());
      assertEnded(DeadlineExceededException.class, past, min);
    }
  }

  /** Follows TestCanceledTimeout. */
  @Test
  void aCancelOutrunsTheDeadline() {
    try (var outer = Context.background().withTimeout(Duration.ofMinutes(1));
        var c = new Wrapped(outer).withTimeout(LONG)) {
      c.cancel();
      assertCanceled(c);
      assertOpen(outer);
    }
  }

  private static void assertValues(
      Context c, @Nullable String v1, @Nullable String v2, @Nullable String v3) {
    assertEquals(v1, c.value(K1));
    assertEquals(v2, c.value(K2));
    assertEquals(v3, c.value(K3));
  }

  /** Follows TestValues. */
  @Test
  void theNearestValueOfAKeyCounts() {
    Context c0 = Context.background();
    assertValues(c0, null, null, null);
    Context c1 = c0.withValue(K1, "c1k1");
    assertValues(c1, "c1k1", null, null);
    assertEquals("context.Background.WithValue(k1, c1k1)", c1.toString());
    Context c2 = c1.withValue(K2, "c2k2");
    assertValues(c2, "c1k1", "c2k2", null);
    Context c3 = c2.withValue(K3, "c3k3");
    assertValues(c3, "c1k1", "c2k2", "c3k3");
    Context c4 = c3.withValue(K1, null);
    assertValues(c4, null, "c2k2", "c3k3");
    assertEquals(c3 + ".WithValue(k1, <nil>)", c4.toString());

    assertValues(new Wrapped(c0), null, null, null);
    assertValues(new Wrapped(c1), "c1k1", null, null);
    assertValues(new Wrapped(c1).withValue(K2, "o2k2"), "c1k1", "o2k2", null);
    Context o3 = new Wrapped(c4);
    assertValues(o3, null, "c2k2", "c3k3");
    assertValues(o3.withValue(K3, null), null, "c2k2", null);
  }

  /** Follows TestWithValueChecksKey; keys are compared by identity, so every key can be. */
  @Test
  @SuppressWarnings("NullAway") // the wrong use is what is tested
  void aValueNeedsAKey() {
    var e =
        assertThrows(NullPointerException.class, () -> Context.background().withValue(null, "bar"));
    assertEquals("nil key", e.getMessage());
  }

  /** Follows TestWithoutCancel. */
  @Test
  void withoutCancelKeepsTheValuesAlone() {
    try (var parent = Context.background().withValue(K1, "value").withTimeout(LONG)) {
      Context c = parent.withoutCancel();
      parent.cancel();
      assertOpen(c);
      assertNull(c.deadline());
      assertEquals(Chan.nil(), c.done());
      assertEquals("value", c.value(K1));
      assertTrue(c.toString().endsWith(".WithoutCancel"), c::toString);
      try (var below = c.withCancel()) {
        assertOpen(below);
        below.cancel();
        assertCanceled(below);
      }
    }
  }

  /** Follows TestDeadlineExceededSupportsTimeout: the class tells. */
  @Test
  void errorsAreCancellationsAndTheDeadlineIsToldApart() {
    assertInstanceOf(CancellationException.class, new CanceledException());
    assertInstanceOf(CanceledException.class, new DeadlineExceededException());
    assertEquals("context canceled", new CanceledException().getMessage());
    assertEquals("context deadline exceeded", new DeadlineExceededException().getMessage());
    assertEquals("errorsAreCancellationsAndTheDeadlineIsToldApart", frame(new CanceledException()));
    assertEquals(
        "errorsAreCancellationsAndTheDeadlineIsToldApart", frame(new DeadlineExceededException()));
  }

  private static String frame(Throwable t) {
    for (StackTraceElement e : t.getStackTrace()) {
      if (e.getClassName().endsWith("Test")) {
        return e.getMethodName();
      }
    }
    return "none";
  }

  @Test
  void checkThrowsWithTheCauseAndTheStackOfTheCaller() {
    try (var c = Context.background().withCancelCause();
        var late = Context.background().withTimeoutCause(Duration.ZERO, null)) {
      c.check();
      var reason = new IllegalStateException("reason");
      c.cancel(reason);
      var e = assertThrows(CanceledException.class, c::check);
      assertSame(reason, e.getCause());
      assertNotEquals("none", frame(e));
      assertEquals(0, Objects.requireNonNull(c.err()).getStackTrace().length);
      var deadline = assertThrows(DeadlineExceededException.class, late::check);
      assertNull(deadline.getCause());
    }
  }

  /** Follows TestContextErrDoneRace. */
  @Test
  void errSaysNothingBeforeDoneIsClosed() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      try (var c = Context.background().withCancel()) {
        var done = c.done();
        dev.raddle.Go.go(c::cancel);
        while (c.err() == null) {
          Thread.onSpinWait();
        }
        assertNotNull(done.tryRecv(), "err is there, but done is open");
      }
    }
  }
}
