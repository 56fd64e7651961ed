package dev.raddle.context;

/** The deadline of a context passed: Go's {@code context.DeadlineExceeded}. */
public final class DeadlineExceededException extends CanceledException {
  private static final long serialVersionUID = 1;

  /** Makes one with Go's words. */
  public DeadlineExceededException() {
    super("context deadline exceeded");
  }
}
