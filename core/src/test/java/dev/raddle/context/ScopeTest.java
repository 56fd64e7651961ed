package dev.raddle.context;

import static dev.raddle.context.ScopeOptions.Policy.CANCEL_NEVER;
import static dev.raddle.context.ScopeOptions.Policy.CANCEL_ON_SUCCESS;
import static dev.raddle.context.Waits.LONG;
import static dev.raddle.context.Waits.assertCanceled;
import static dev.raddle.context.Waits.awaitEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.context.Scope.Task.State;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scope does with its goroutines. */
@Timeout(60)
class ScopeTest {
  private static final Context BG = Context.background();

  @Test
  void joinWaitsForAllAndTheResultsAreThere() throws Exception {
    try (var s = Scope.open(BG)) {
      List<Scope.Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        int k = i;
        tasks.add(
            s.go(
                () -> {
                  Go.gosched();
                  return k;
                }));
      }
      s.join();
      int sum = 0;
      for (var t : tasks) {
        assertEquals(State.SUCCEEDED, t.state());
        assertNull(t.failure());
        sum += t.get();
      }
      assertEquals(499_500, sum);
      assertEquals("scope running=0", s.toString());
    }
  }

  @Test
  void theFirstFailureCancelsTheOthersAndComesBack() throws Exception {
    var boom = new IOException("boom");
    try (var s = Scope.open(BG)) {
      Chan<Boolean> waiting = Chan.make(4);
      var byContext =
          s.go(
              () -> {
                waiting.send(true);
                s.context().done().recv();
                s.context().check();
              });
      var byInterrupt =
          s.go(
              () -> {
                waiting.send(true);
                Thread.sleep(LONG);
              });
      var byEither =
          s.go(
              () -> {
                waiting.send(true);
                return Chan.make().recv();
              });
      var heedless =
          s.go(
              () -> {
                waiting.send(true);
                awaitEnd(s.context().withoutCancel().withTimeout(Duration.ofMillis(1)).done());
                return "result";
              });
      var failing =
          s.go(
              () -> {
                for (int i = 0; i < 4; i++) {
                  waiting.recv();
                }
                throw boom;
              });
      assertSame(boom, assertThrows(IOException.class, s::join));
      assertCanceled(s.context());
      assertSame(boom, s.context().cause());
      assertEquals(State.FAILED, failing.state());
      assertSame(boom, failing.failure());
      assertSame(boom, assertThrows(IllegalStateException.class, failing::get).getCause());
      for (var t : List.of(byContext, byInterrupt, byEither)) {
        assertEquals(State.CANCELED, t.state());
        assertInstanceOf(CanceledException.class, t.failure());
      }
      assertTrue(heedless.state() == State.SUCCEEDED || heedless.state() == State.CANCELED);
      assertEquals(0, boom.getSuppressed().length);
    }
  }

  @Test
  void laterFailuresAreSuppressed() {
    var first = new IOException("first");
    var second = new AssertionError("second");
    try (var s = Scope.open(BG)) {
      Chan<Void> started = Chan.make();
      s.go(
          () -> {
            awaitEnd(started);
            throw first;
          });
      s.go(
          () -> {
            started.close();
            while (s.context().err() == null) {
              Thread.onSpinWait();
            }
            throw second;
          });
      assertSame(first, assertThrows(IOException.class, s::join));
      assertSame(second, first.getSuppressed()[0]);
    }
  }

  @Test
  void closeCancelsAndWaits() {
    var ended = new AtomicInteger();
    var s = Scope.open(BG);
    for (int i = 0; i < 100; i++) {
      s.go(
          () -> {
            try {
              Chan.make().recv();
            } finally {
              ended.incrementAndGet();
            }
          });
    }
    s.cancel();
    s.close();
    s.close();
    // Those that had not started when the scope was cancelled never ran.
    assertTrue(ended.get() <= 100);
    assertEquals("scope running=0", s.toString());
  }

  @Test
  void anExceptionInTheBlockCancelsTheGoroutines() {
    var ended = new AtomicInteger();
    Chan<Void> started = Chan.make();
    var boom = new IOException("boom");
    var e =
        assertThrows(
            IOException.class,
            () -> {
              try (var s = Scope.open(BG)) {
                s.go(
                    () -> {
                      try {
                        started.close();
                        Chan.make().recv();
                      } finally {
                        ended.incrementAndGet();
                      }
                    });
                awaitEnd(started);
                throw boom;
              }
            });
    assertSame(boom, e);
    assertEquals(1, ended.get());
  }

  @Test
  void theParentsEndCancelsTheScope() throws Exception {
    var parent = BG.withCancelCause();
    var cause = new Exception("cause");
    try (var s = Scope.open(parent)) {
      Chan<Void> started = Chan.make();
      var t =
          s.go(
              () -> {
                started.close();
                Chan.make().recv();
              });
      awaitEnd(started);
      parent.cancel(cause);
      var e = assertThrows(CanceledException.class, s::join);
      assertSame(cause, e.getCause());
      assertEquals(State.CANCELED, t.state());
      var refused = s.go(() -> "never");
      assertEquals(State.CANCELED, refused.state());
      assertThrows(IllegalStateException.class, refused::get);
    }
  }

  @Test
  void theTimeoutCancelsIt() {
    try (var s = Scope.open(BG, ScopeOptions.timeout(Duration.ofMillis(10)))) {
      s.go(() -> Thread.sleep(LONG));
      assertThrows(DeadlineExceededException.class, s::join);
    }
  }

  @Test
  void whoeverSucceedsFirstIsEnough() throws Exception {
    try (var s = Scope.open(BG, ScopeOptions.policy(CANCEL_ON_SUCCESS))) {
      var slow = s.go(() -> Chan.make().recv());
      var failing =
          s.go(
              () -> {
                throw new IOException("not this one");
              });
      var fast =
          s.go(
              () -> {
                Waits.until("the failure", () -> failing.state() == State.FAILED);
                return "fast";
              });
      s.join();
      assertEquals("fast", fast.get());
      assertEquals(State.CANCELED, slow.state());
    }
    try (var s = Scope.open(BG, ScopeOptions.policy(CANCEL_ON_SUCCESS))) {
      for (int i = 0; i < 2; i++) {
        s.go(
            () -> {
              throw new IOException("no success");
            });
      }
      assertEquals(1, assertThrows(IOException.class, s::join).getSuppressed().length);
    }
  }

  @Test
  void failuresMayStayWhereTheyAre() throws Exception {
    try (var s = Scope.open(BG, ScopeOptions.policy(CANCEL_NEVER))) {
      var failing =
          s.go(
              () -> {
                throw new IOException("boom");
              });
      var other =
          s.go(
              () -> {
                Waits.until("the failure", () -> failing.state() == State.FAILED);
                return "other";
              });
      s.join();
      assertEquals("other", other.get());
      assertNull(s.context().err());
      assertInstanceOf(IOException.class, failing.failure());
    }
  }

  @Test
  void anEndOfItsOwnContextIsAFailure() {
    try (var s = Scope.open(BG)) {
      s.go(
          () -> {
            try (var own = s.context().withTimeout(Duration.ZERO)) {
              own.check();
            }
          });
      assertThrows(DeadlineExceededException.class, s::join);
      assertInstanceOf(DeadlineExceededException.class, s.context().cause());
      assertCanceled(s.context());
    }
  }

  @Test
  void goexitEndsOneGoroutineAlone() throws Exception {
    try (var s = Scope.open(BG)) {
      var t = s.go(() -> Go.goexit());
      s.join();
      assertEquals(State.CANCELED, t.state());
      assertNull(s.context().err());
    }
  }

  @Test
  void itsContextIsTheCurrentOneAndItsNameThatOfItsGoroutines() throws Exception {
    try (var s = Scope.open(BG, ScopeOptions.name("fetch").withTimeout(LONG))) {
      var names = s.go(() -> Objects.requireNonNull(Goroutine.current()).name());
      var own =
          s.go(GoOptions.name("own"), () -> Objects.requireNonNull(Goroutine.current()).name());
      var parent = s.go(() -> Objects.requireNonNull(Goroutine.current()).parentId());
      var current = s.go(Context::current);
      s.join();
      assertEquals("fetch/1", names.get());
      assertEquals("own", own.get());
      Goroutine self = Goroutine.current();
      assertEquals(self == null ? 0L : self.id(), parent.get());
      assertSame(s.context(), current.get());
      assertEquals("scope \"fetch\" running=0", s.toString());
    }
    BG.withValue(Context.Key.of("k"), "v")
        .run(
            () -> {
              try (var s = Scope.open()) {
                assertNotNull(s.context().toString());
                assertTrue(s.context().toString().contains("WithValue(k, v)"));
              }
            });
  }

  @Test
  void goroutinesMayStartMoreOfThem() throws Exception {
    try (var s = Scope.open(BG)) {
      var count = new AtomicInteger();
      spread(s, 10, count);
      s.join();
      assertEquals(1_023, count.get());
    }
  }

  private static void spread(Scope s, int depth, AtomicInteger count) {
    if (depth > 0) {
      for (int i = 0; i < 2 && depth > 1; i++) {
        s.go(() -> spread(s, depth - 1, count));
      }
      count.incrementAndGet();
    }
  }

  @Test
  void anInnerScopeIsPartOfTheOuterOne() throws Exception {
    var ended = new AtomicInteger();
    try (var outer = Scope.open(BG)) {
      var opener =
          outer.go(
              () -> {
                var inner = Scope.open(); // in the current context; and left open
                Chan<Void> started = Chan.make();
                inner.go(
                    () -> {
                      started.close();
                      try {
                        Chan.make().recv();
                      } finally {
                        ended.incrementAndGet();
                      }
                    });
                awaitEnd(started);
              });
      Waits.until("its end", () -> opener.state() == State.SUCCEEDED);
      assertEquals(0, ended.get());
      outer.cancel();
    }
    assertEquals(1, ended.get());
  }

  @Test
  void aDetachedScopeIsNotPartOfTheOuterOne() throws Exception {
    Scope inner;
    try (var outer = Scope.open(BG)) {
      inner = Scope.open(outer.context().withoutCancel());
    }
    assertNull(inner.context().err());
    var t = inner.go(() -> "runs");
    inner.join();
    assertEquals("runs", t.get());
    inner.close();
  }

  @Test
  void anInterruptEndsTheJoinButNotTheClose() {
    var ended = new AtomicInteger();
    var s = Scope.open(BG);
    Chan<Void> started = Chan.make();
    s.go(
        () -> {
          started.close();
          try {
            Chan.make().recv();
          } finally {
            ended.incrementAndGet();
          }
        });
    assertThrows(
        InterruptedException.class,
        () -> {
          awaitEnd(started);
          Thread.currentThread().interrupt();
          s.join();
        });
    assertFalse(Thread.currentThread().isInterrupted());
    s.cancel();
    Thread.currentThread().interrupt();
    s.close();
    assertTrue(Thread.interrupted());
    assertEquals(1, ended.get());
  }
}
