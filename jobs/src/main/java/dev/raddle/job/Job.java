package dev.raddle.job;

import org.jspecify.annotations.Nullable;

/**
 * A job that was forked: a goroutine with a result.
 *
 * @param <T> type of the result
 */
public sealed interface Job<T extends @Nullable Object> permits ForkedJob {
  /**
   * Waits for the job and returns its result. If the job has not started, the caller runs it now,
   * on its own stack; otherwise it parks. May be called by any number of threads, any number of
   * times.
   *
   * @return what the job returned
   * @throws InterruptedException if interrupted while parked; the job goes on
   * @throws JobFailedException if the job failed, with its throwable as the cause
   */
  T join() throws InterruptedException;

  /**
   * Whether the job has ended, well or not.
   *
   * @return true from then on
   */
  boolean isDone();
}
