package dev.raddle.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Throwables that leave goroutines. */
class UncaughtTest {
  /** The goroutine was not counted as ended, and close() waited for ever. */
  @Test
  @Timeout(60)
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "makes a scheduler")
  void aHandlerThatThrowsLosesNoGoroutine() throws Exception {
    var s =
        Scheduler.builder()
            .processors(1)
            .onUncaught(
                (g, t) -> {
                  throw new IllegalStateException("from the handler");
                })
            .build();
    for (int i = 0; i < 10; i++) {
      s.go(
          () -> {
            throw new IllegalStateException("from the body");
          });
    }
    var closed = Thread.ofPlatform().daemon().start(s::close);
    assertTrue(closed.join(On.LIMIT), () -> "left: " + s.numGoroutine());
    assertEquals(0, s.numGoroutine());
  }

  /** Its thread died of it, the goroutine was not counted as ended, and close() waited for ever. */
  @Test
  @Timeout(60)
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "makes a scheduler")
  void anEndThatThrowsLosesNoGoroutine() throws Exception {
    var heard = new AtomicReference<Throwable>();
    var s = Scheduler.builder().processors(1).onUncaught((g, t) -> heard.set(t)).build();
    var wg = new WaitGroup();
    wg.go(s, wg::done); // so that the group's own count at the end is one too many
    var closed = Thread.ofPlatform().daemon().start(s::close);
    assertTrue(closed.join(On.LIMIT), () -> "left: " + s.numGoroutine());
    assertEquals(0, s.numGoroutine());
    assertInstanceOf(IllegalStateException.class, heard.get());
  }

  @OnEach
  void aHandlerOfTheThreadServesItsGoroutineAlone(On on) throws Exception {
    var boom = new IllegalStateException("boom");
    var caught = new CompletableFuture<Throwable>();
    on.run(
        () -> {
          Scheduler.current()
              .go(
                  () -> {
                    Thread.currentThread()
                        .setUncaughtExceptionHandler((t, e) -> caught.complete(e));
                    throw boom;
                  });
          assertSame(boom, caught.get(On.LIMIT_SECONDS, SECONDS));
          On.all(
              100,
              i ->
                  assertSame(
                      Thread.currentThread().getThreadGroup(),
                      Thread.currentThread().getUncaughtExceptionHandler()));
        });
  }
}
