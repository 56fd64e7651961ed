package dev.raddle.context;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A context was cancelled: Go's {@code context.Canceled}, or its deadline passed. */
public sealed class CanceledException extends CancellationException
    permits DeadlineExceededException {
  private static final long serialVersionUID = 1;

  /** Makes one with Go's words. */
  public CanceledException() {
    this("context canceled", null);
    super.fillInStackTrace();
  }

  /** Without a stack trace: most are never thrown, and the trace is what is dear. */
  CanceledException(String message, @Nullable Throwable cause) {
    super(message);
    initCause(cause);
  }

  /** A new one of the same kind with the stack of the caller. */
  final CanceledException here(@Nullable Throwable cause) {
    CanceledException e = copy(cause == this ? null : cause);
    e.trace();
    return e;
  }

  /** One of the same kind. */
  CanceledException copy(@Nullable Throwable cause) {
    return new CanceledException("context canceled", cause);
  }

  final void trace() {
    super.fillInStackTrace();
  }

  /** Called when it is made, and then does nothing: see {@link #trace}. */
  @Override
  public final Throwable fillInStackTrace() {
    return this;
  }
}
