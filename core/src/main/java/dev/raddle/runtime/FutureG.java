package dev.raddle.runtime;

import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Goexit;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A goroutine that completes a future. */
final class FutureG<T extends @Nullable Object> extends G {
  private @Nullable Callable<T> body;
  private final CompletableFuture<T> future;

  FutureG(Callable<T> body, CompletableFuture<T> future) {
    this.body = Objects.requireNonNull(body, "go of nil func value");
    this.future = future;
  }

  @Override
  protected void body() {
    Callable<T> b = body;
    body = null; // nothing that the goroutine no longer needs is kept
    if (b == null) {
      return;
    }
    T value;
    try {
      value = b.call();
    } catch (Goexit e) {
      throw e;
    } catch (Throwable t) {
      future.completeExceptionally(t);
      return;
    }
    future.complete(value);
  }

  @Override
  protected void goexited() {
    future.cancel(false);
  }
}
