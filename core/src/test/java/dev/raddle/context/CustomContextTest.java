package dev.raddle.context;

import static dev.raddle.context.Waits.LONG;
import static dev.raddle.context.Waits.assertCanceled;
import static dev.raddle.context.Waits.assertOpen;
import static dev.raddle.context.Waits.awaitEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.RecvChan;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Contexts that are not ours, as parents. */
@Timeout(60)
class CustomContextTest {
  /** A context with nothing in common with ours. */
  private static class Foreign implements Context {
    final Chan<Void> done = Chan.make();
    private volatile @Nullable CanceledException err;

    @Override
    public @Nullable Instant deadline() {
      return null;
    }

    @Override
    public RecvChan<Void> done() {
      return done;
    }

    @Override
    public @Nullable CanceledException err() {
      return err;
    }

    @Override
    public <T> @Nullable T value(Key<T> key) {
      return null;
    }

    void cancel() {
      err = new CanceledException();
      done.close();
    }
  }

  /** One that calls back by itself: in place of done, which it never closes. */
  private static final class CallingBack extends Foreign {
    private final Map<Object, Body> calls = new LinkedHashMap<>(); // guarded by itself

    @Override
    public Stop afterFunc(Body body) {
      var key = new Object();
      synchronized (calls) {
        calls.put(key, body);
      }
      return () -> {
        synchronized (calls) {
          return calls.remove(key) != null;
        }
      };
    }

    int count() {
      synchronized (calls) {
        return calls.size();
      }
    }

    @Override
    void cancel() {
      synchronized (calls) {
        calls.values().forEach(Go::go);
        calls.clear();
      }
    }
  }

  // ---- Go's context/afterfunc_test.go ----

  /** Follows TestCustomContextAfterFuncCancel, ..Timeout and ..AfterFunc. */
  @Test
  void anAfterFuncOfItsOwnIsUsed() throws Exception {
    var parent = new CallingBack();
    Chan<Void> called = Chan.make();
    try (var canceled = parent.withCancel();
        var timeout = parent.withTimeout(LONG)) {
      parent.withValue(Context.Key.of("k"), "v").afterFunc(called::close);
      assertEquals(3, parent.count());
      parent.cancel();
      awaitEnd(canceled.done());
      awaitEnd(timeout.done());
      awaitEnd(called);
    }
  }

  /** Follows TestCustomContextAfterFuncUnregisterCancel, ..Timeout and ..AfterFunc. */
  @Test
  void whatHasEndedIsTakenBackFromIt() {
    var parent = new CallingBack();
    var one = parent.withCancel();
    var two = parent.withCancel();
    var timeout = parent.withTimeout(LONG);
    var stop = parent.afterFunc(() -> {});
    assertEquals(4, parent.count());
    one.cancel();
    two.cancel();
    assertEquals(2, parent.count());
    timeout.cancel();
    assertEquals(1, parent.count());
    assertTrue(stop.stop());
    assertEquals(0, parent.count());
  }

  // ---- Go's context/x_test.go ----

  /** Counts the goroutines that watch contexts which are not ours. */
  private static long watchers() {
    return Scheduler.current().goroutines().stream()
        .map(Goroutine::name)
        .filter("context watch"::equals)
        .count();
  }

  private static void untilWatchers(long n) throws InterruptedException {
    Waits.until(n + " watchers", () -> watchers() == n);
  }

  /** One with a channel of its own that never closes. */
  private static final class OtherDone extends Wrapped {
    private final Chan<Void> done = Chan.make();

    OtherDone(Context inner) {
      super(inner);
    }

    @Override
    public RecvChan<Void> done() {
      return done;
    }
  }

  /** Follows TestCustomContextGoroutines. */
  @Test
  void aGoroutineWatchesOnlyWhatHasAChannelOfItsOwn() throws Exception {
    untilWatchers(0);
    try (var c = new OtherDone(Context.background()).withCancel()) {
      untilWatchers(1);
      assertOpen(c);
    }
    try (var c = new OtherDone(Context.background()).withTimeout(LONG)) {
      untilWatchers(1);
      assertOpen(c);
    }
    untilWatchers(0);

    try (var c1 = Context.background().withCancel();
        var c3 = new Wrapped(c1).withCancel();
        var other = new OtherDone(new Wrapped(c1)).withCancel()) {
      untilWatchers(1); // of the last alone: its channel is not that of c1
      try (var c4 = c3.withTimeout(LONG);
          var c5 = c4.withCancel()) {
        c5.cancel();
        try (var c6 = c5.withTimeout(LONG)) {
          assertCanceled(c6);
        }
        assertEquals(1, watchers());
        c1.cancel();
        assertCanceled(c1, c3, c4);
        assertOpen(other);
        try (var c7 = c5.withCancel()) {
          assertCanceled(c7);
        }
        assertEquals(1, watchers());
      }
    }
    untilWatchers(0);
  }

  /** Follows TestCustomContextPropagation. */
  @Test
  void theCauseOfWhatItWrapsComesThrough() throws Exception {
    var cause = new Exception("cause");
    var c1 = Context.background().withCancelCause();
    var c2 = new OtherDone(c1);
    try (var c3 = c2.withCancel()) {
      c1.cancel(cause);
      assertOpen(c3);
      c2.done.close();
      awaitEnd(c3.done());
      assertCanceled(c3);
      assertSame(cause, c3.cause());
    }
  }

  /** Follows TestCustomContextCause. */
  @Test
  void aForeignContextHasNoCauseButItsErr() throws Exception {
    var ended = new Foreign();
    ended.cancel();
    assertSame(ended.err(), ended.cause());
    try (var below = ended.withCancel()) {
      assertSame(ended.err(), below.err());
      assertSame(ended.err(), below.cause());
    }

    var parent = new Foreign();
    var child = parent.withCancelCause();
    var cause = new Exception("cause");
    child.cancel(cause);
    assertCanceled(child);
    assertSame(cause, child.cause());
    assertNull(parent.err());
    assertNull(parent.cause());
    parent.cancel();
    assertSame(cause, child.cause());
    assertSame(parent.err(), parent.cause());

    var other = new Foreign();
    try (var below = other.withCancel()) {
      other.cancel();
      awaitEnd(below.done());
      assertSame(other.err(), below.err());
      assertSame(other.err(), below.cause());
    }
  }

  @Test
  void afterFuncOnAForeignContextRunsOnceOrIsStopped() throws Exception {
    var parent = new Foreign();
    Chan<Void> called = Chan.make();
    var stopped = parent.afterFunc(() -> called.close());
    assertTrue(stopped.stop());
    var runs = parent.afterFunc(() -> called.close()); // a second close would fail
    parent.cancel();
    awaitEnd(called);
    assertEquals(false, runs.stop());
    assertEquals(false, stopped.stop());
    untilWatchers(0);
  }
}
