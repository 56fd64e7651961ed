package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.runtime.Goroutine;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** For {@link SelectFuzz}: who waits on an unbuffered channel, to send or to receive. */
final class Partner {
  final boolean sends;
  private final int element;
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private @Nullable Thread thread;
  private boolean met;

  private Partner(boolean sends, int element) {
    this.sends = sends;
    this.element = element;
  }

  /** Starts one, and waits until it waits. */
  Partner(Chan<Integer> chan, boolean sends, int element) throws Exception {
    this(sends, element);
    var self = new CompletableFuture<Goroutine>();
    var on = new CompletableFuture<Thread>();
    Go.go(
        () -> {
          on.complete(Thread.currentThread());
          self.complete(Objects.requireNonNull(Goroutine.current()));
          try {
            if (sends) {
              chan.send(element);
              end.complete(element);
            } else {
              end.complete(chan.recv());
            }
          } catch (Throwable t) {
            end.completeExceptionally(t);
          }
        });
    thread = on.get(60, TimeUnit.SECONDS);
    Goroutine g = self.get(60, TimeUnit.SECONDS);
    Waits.until(() -> g.waitReason() != null);
  }

  /** One that did not have to wait: the select did. */
  static Partner gone(boolean sends, int element) {
    return new Partner(sends, element);
  }

  /** The select sent or received that, and it was here. */
  void met(int what) throws Exception {
    met = true;
    if (sends) {
      assertEquals(element, what);
    }
    if (thread != null) {
      assertEquals(what, end.get(60, TimeUnit.SECONDS));
    }
  }

  /** Whoever was not met still waits. */
  void end() throws Exception {
    if (thread != null && !met) {
      assertEquals(false, end.isDone(), "met by nobody");
      thread.interrupt();
      Waits.until(end::isCompletedExceptionally);
      assertEquals(InterruptedException.class, end.exceptionNow().getClass());
    } else {
      assertEquals(true, met, "the select did not meet whom it said");
    }
  }
}
