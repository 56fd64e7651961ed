package dev.raddle.context;

import java.util.concurrent.CancellationException;

/** A context was cancelled: Go's {@code context.Canceled}, or its deadline passed. */
public sealed class CanceledException extends CancellationException
    permits DeadlineExceededException {
  private static final long serialVersionUID = 1;

  /** Makes one with Go's words. */
  public CanceledException() {
    this("context canceled");
  }

  CanceledException(String message) {
    super(message);
  }
}
