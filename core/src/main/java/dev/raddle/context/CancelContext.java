package dev.raddle.context;

import org.jspecify.annotations.Nullable;

/**
 * A context that its maker can end: Go's context together with its cancel function. Close it, best
 * by try-with-resources: {@link #close} is Go's {@code defer cancel()}, and a context that is not
 * closed stays in the one above it until that one ends.
 */
public sealed interface CancelContext extends Context, AutoCloseable permits CancelCtx {
  /**
   * Ends this context and all that were derived from it: they have ended when the call returns.
   * Does nothing when it has ended. Does not wait for goroutines.
   */
  default void cancel() {
    cancel(null);
  }

  /**
   * As {@link #cancel()}, with a reason.
   *
   * @param cause what {@link #cause} will return, here and below; null for none
   */
  void cancel(@Nullable Throwable cause);

  /** As {@link #cancel()}. */
  @Override
  default void close() {
    cancel(null);
  }
}
