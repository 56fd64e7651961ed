package dev.raddle.job;

/** A job failed; the cause is what it threw. */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param cause what the job threw
   */
  public JobFailedException(Throwable cause) {
    super(cause);
  }
}
