package dev.raddle.context;

import org.jspecify.annotations.Nullable;

/**
 * The deadline of a context passed: Go's {@code context.DeadlineExceeded}. Where Go asks an error
 * whether it is a {@code Timeout()}, ask here for this class.
 */
public final class DeadlineExceededException extends CanceledException {
  private static final long serialVersionUID = 1;

  /** Makes one with Go's words. */
  public DeadlineExceededException() {
    this(null);
    trace();
  }

  /** Without a stack trace. */
  DeadlineExceededException(@Nullable Throwable cause) {
    super("context deadline exceeded", cause);
  }

  @Override
  CanceledException copy(@Nullable Throwable cause) {
    return new DeadlineExceededException(cause);
  }
}
