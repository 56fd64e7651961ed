package dev.raddle.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A future of a goroutine: its asynchronous stages are goroutines too. */
final class GoFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final Scheduler scheduler;

  GoFuture(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new GoFuture<>(scheduler);
  }

  @Override
  public Executor defaultExecutor() {
    return task -> scheduler.go(task::run);
  }
}
