package dev.raddle.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wrong use of a scope says what is wrong. */
@Timeout(60)
class ScopeMisuseTest {
  private static final Context BG = Context.background();

  private static void assertMessage(String expected, Throwable t) {
    assertTrue(String.valueOf(t.getMessage()).contains(expected), t::toString);
  }

  @Test
  void goAfterClose() {
    var s = Scope.open(BG, ScopeOptions.name("late"));
    s.close();
    var e = assertThrows(IllegalStateException.class, () -> s.go(() -> {}));
    assertMessage("scope \"late\" running=0: go after close", e);
  }

  @Test
  void goAfterCloseOfTheScopeAroundIt() {
    var outer = Scope.open(BG, ScopeOptions.name("outer"));
    var inner = Scope.open(outer.context(), ScopeOptions.name("inner"));
    outer.close();
    var e = assertThrows(IllegalStateException.class, () -> inner.go(() -> {}));
    assertMessage("scope \"inner\" running=0: go after close of the scope around it, scope", e);
    inner.close();
  }

  @Test
  void joinAndCloseBelongToTheThreadThatOpened() throws Exception {
    try (var s = Scope.open(BG, ScopeOptions.name("mine"))) {
      for (var use : new Body[] {s::join, s::close}) {
        var e =
            assertThrows(
                ExecutionException.class,
                () ->
                    Scheduler.current()
                        .submit(
                            () -> {
                              use.run();
                              return "done";
                            })
                        .get(30, TimeUnit.SECONDS));
        assertInstanceOf(WrongThreadException.class, e.getCause());
        assertMessage("scope \"mine\" running=0: ", e.getCause());
        assertMessage("which did not open it", e.getCause());
      }
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  @Test
  void closeWithoutJoin() {
    var ended = new AtomicInteger();
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> {
              try (var s = Scope.open(BG)) {
                s.go(
                    () -> {
                      try {
                        Chan.make().recv();
                      } finally {
                        ended.incrementAndGet();
                      }
                    });
              }
            });
    assertMessage("expected join or cancel between go and close, found neither", e);
    assertTrue(ended.get() <= 1);

    var boom = new IOException("boom");
    var thrown =
        assertThrows(
            IOException.class,
            () -> {
              try (var s = Scope.open(BG)) {
                s.go(() -> {});
                throw boom;
              }
            });
    assertSame(boom, thrown);
    assertMessage("expected join or cancel", thrown.getSuppressed()[0]);
  }

  /** Who was interrupted in the join did not forget it. */
  @Test
  void closeAfterAnInterruptedJoinIsNoMisuse() {
    var e =
        assertThrows(
            InterruptedException.class,
            () -> {
              try (var s = Scope.open(BG)) {
                s.go(() -> Chan.make().recv());
                Thread.currentThread().interrupt();
                s.join();
              }
            });
    assertEquals(0, e.getSuppressed().length);
  }

  @Test
  void aResultBeforeItIsThere() throws Exception {
    try (var s = Scope.open(BG)) {
      Chan<String> c = Chan.make();
      var t = s.go(() -> c.recv());
      var e = assertThrows(IllegalStateException.class, t::get);
      assertMessage("found one that runs: join the scope first", e);
      c.send("value");
      s.join();
      assertEquals("value", t.get());
    }
  }

  @Test
  @SuppressWarnings("NullAway") // the wrong use is what is tested
  void nulls() {
    assertThrows(NullPointerException.class, () -> Scope.open(null));
    try (var s = Scope.open(BG)) {
      assertThrows(NullPointerException.class, () -> s.go((dev.raddle.runtime.Body) null));
      assertThrows(
          NullPointerException.class, () -> s.go((java.util.concurrent.Callable<String>) null));
      assertEquals("scope running=0", s.toString());
    }
  }

  /** Starts and closes race: what was started has ended when close returns. */
  @Test
  void goAgainstClose() throws Exception {
    long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
    while (System.nanoTime() - end < 0) {
      var running = new AtomicInteger();
      var s = Scope.open(BG);
      Chan<Void> left = Chan.make();
      Go.go(
          () -> {
            try {
              while (true) {
                s.go(
                    () -> {
                      running.incrementAndGet();
                      try {
                        s.context().done().recv();
                      } finally {
                        running.decrementAndGet();
                      }
                    });
              }
            } catch (IllegalStateException e) {
              assertMessage("go after close", e);
            } finally {
              left.close();
            }
          });
      Waits.until("a goroutine", () -> running.get() > 0);
      s.cancel();
      s.close();
      assertEquals(0, running.get());
      Waits.awaitEnd(left);
      assertEquals(0, running.get());
    }
  }
}
