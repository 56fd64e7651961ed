package dev.raddle.job;

import org.jspecify.annotations.Nullable;

/**
 * A job that was forked: a goroutine with a result.
 *
 * @param <T> type of the result
 */
public sealed interface Job<T extends @Nullable Object> permits ForkedJob {
  /**
   * Waits for the job and returns its result. May be called by any number of threads, any number of
   * times.
   *
   * <p>A goroutine of the job's own scheduler that finds the job unstarted runs it now, on its own
   * stack, for about the price of a call; never any other job. Otherwise it parks, and so do all
   * other threads; it parks, too, if the job's scope gives it another class or a deadline. Where 32
   * such runs are nested already, the joiner parks too and the job gets a fresh stack, so that a
   * long chain of joins cannot overflow one, with up to some 60 frames of the user's between two of
   * them.
   *
   * <p>A job run in place shares the joiner's thread-locals, locks and interrupt status: what
   * interrupts the joiner meanwhile interrupts the job.
   *
   * @return what the job returned
   * @throws InterruptedException if interrupted while parked, and the job goes on; or if the job
   *     ran in place and was ended by an interrupt that was not its own cancellation
   * @throws JobFailedException if the job failed, with its throwable (an {@link Error} too) as the
   *     cause
   * @throws java.util.concurrent.CancellationException if it was cancelled
   * @throws IllegalStateException if the scope that it belongs to is closed
   */
  T join() throws InterruptedException;

  /**
   * Cancels the job. If it has not begun, it never will. If it runs, its thread is interrupted: it
   * ends as it will, and counts as cancelled if it ends by an {@link InterruptedException}. The
   * interrupt does not outlive the job.
   *
   * <p>An interrupt of another origin that hits a joiner which runs the job in place stays with the
   * joiner, whose status is then set after the join, if it came before the cancellation, or after
   * the job took that one up; the one of {@link dev.raddle.runtime.Scheduler#closeNow} whenever it
   * comes. Any other that comes in between is taken for this one, as in {@link
   * java.util.concurrent.FutureTask}: a thread has one bit for both. A job that throws {@link
   * InterruptedException} with the status still set says that there were two.
   *
   * <p>Does not wait, and does not reach what the job itself has forked, unless that belongs to a
   * {@link JobScope} or a loop that the job waits for.
   *
   * @return false if the job has ended already
   */
  boolean cancel();

  /**
   * Whether the job has ended, well or not.
   *
   * @return true from then on
   */
  boolean isDone();

  /**
   * Whether the job has ended by {@link #cancel}.
   *
   * @return true from then on
   */
  boolean isCancelled();
}
