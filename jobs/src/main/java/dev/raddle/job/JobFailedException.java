package dev.raddle.job;

import java.util.Objects;

/**
 * A job failed. The cause is what it threw, whatever that is. Where several jobs work together, it
 * is the first failure, and what others threw is suppressed in this exception.
 */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param cause what the job threw
   */
  public JobFailedException(Throwable cause) {
    super(Objects.requireNonNull(cause, "cause"));
  }

  /**
   * What the job threw.
   *
   * @return the throwable; never null
   */
  @Override
  public synchronized Throwable getCause() {
    return Objects.requireNonNull(super.getCause());
  }
}
