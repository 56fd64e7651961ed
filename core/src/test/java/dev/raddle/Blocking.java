package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.raddle.runtime.Body;
import dev.raddle.runtime.Goroutine;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether something blocks, by what its goroutine waits for. */
final class Blocking {
  private Blocking() {}

  /** Fails unless {@code body} parks for ever; ends it by an interrupt. */
  static void always(String reason, Body body) throws Exception {
    var me = new AtomicReference<@Nullable Goroutine>();
    var thread = new CompletableFuture<Thread>();
    var end = new CompletableFuture<String>();
    Go.go(
        () -> {
          me.set(Goroutine.current());
          thread.complete(Thread.currentThread());
          try {
            body.run();
            end.complete("did not block");
          } catch (InterruptedException e) {
            end.complete("interrupted");
          } catch (Throwable t) {
            end.complete(t.toString());
          }
        });
    Thread t = thread.get(60, TimeUnit.SECONDS);
    Goroutine g = Objects.requireNonNull(me.get());
    Waits.until(() -> reason.equals(g.waitReason()) || end.isDone());
    assertNotEquals("did not block", end.getNow("waits"));
    t.interrupt();
    assertEquals("interrupted", end.get(60, TimeUnit.SECONDS));
  }

  /** Fails if {@code body} parks. */
  static void never(Body body) throws Exception {
    var end = new CompletableFuture<Boolean>();
    Go.go(
        () -> {
          try {
            body.run();
            end.complete(true);
          } catch (Throwable t) {
            end.completeExceptionally(t);
          }
        });
    end.get(60, TimeUnit.SECONDS);
  }
}
