package dev.raddle.job;

import dev.raddle.runtime.GoOptions;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a parallel loop is cut into pieces, how those run, and whom it tells of its progress.
 *
 * @param grain the most indices in a piece; 0 for automatic
 * @param progress told now and then; null for nobody
 * @param interval at least so long between two calls of {@code progress}, but for the last
 * @param goroutines the class, deadline, name and labels of the pieces; null: as whoever loops
 */
public record LoopOptions(
    long grain, @Nullable Progress progress, Duration interval, @Nullable GoOptions goroutines) {
  private static final LoopOptions AUTO = new LoopOptions(0, null, Duration.ofMillis(100), null);

  /** Learns how far a loop has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called by one thread at a time, with growing numbers, the last time with {@code done} equal
     * to {@code total} unless the loop fails. Should be quick: a piece of the loop waits for it.
     *
     * @param done how many indices have been visited
     * @param total how many there are
     * @throws Exception fails the loop
     */
    void at(long done, long total) throws Exception;
  }

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if the grain is negative
   */
  public LoopOptions {
    if (grain < 0) {
      throw new IllegalArgumentException(
          "grain: expected at least 1, or 0 for automatic, found " + grain);
    }
    Objects.requireNonNull(interval, "interval");
  }

  /**
   * Pieces are cut while the loop runs: whenever another P has nothing to do, half of what is left
   * of a piece becomes a new one. On a busy machine a loop is hardly cut at all. A piece looks
   * about every 10 to 40 µs, or after each index that takes longer, so bodies that block for long
   * are better served by a grain of 1.
   *
   * @return the options
   */
  public static LoopOptions auto() {
    return AUTO;
  }

  /**
   * Every piece has at most so many indices, and is a job from the start: some 200 ns each. The cut
   * depends on nothing else, so that a sum of floating-point numbers is the same in each run.
   *
   * @param grain at least 1
   * @return the options
   * @throws IllegalArgumentException if it is less
   */
  public static LoopOptions grain(long grain) {
    if (grain < 1) {
      throw new IllegalArgumentException("grain: expected at least 1, found " + grain);
    }
    return new LoopOptions(grain, null, AUTO.interval, null);
  }

  /**
   * These options with somebody who is told of the progress, every 100 ms or so.
   *
   * @param progress told
   * @return the options
   */
  public LoopOptions withProgress(Progress progress) {
    return new LoopOptions(
        grain, Objects.requireNonNull(progress, "progress"), interval, goroutines);
  }

  /**
   * These options with another time between two calls of {@link #progress}.
   *
   * @param interval zero or less: at each look
   * @return the options
   */
  public LoopOptions withInterval(Duration interval) {
    return new LoopOptions(grain, progress, interval, goroutines);
  }

  /**
   * These options for a loop whose pieces run in a class of their own, whatever the class of
   * whoever loops, or by a deadline, which counts from the start of the loop: {@code
   * LoopOptions.auto().withGoroutines(GoOptions.priority(Priority.LOW))}. Who loops takes part only
   * if it is of that class and there is no deadline; else it parks, as it could not run a piece but
   * as itself.
   *
   * @param goroutines the class, deadline, name and labels; it must not shed
   * @return the options
   * @throws IllegalArgumentException if it sheds: every index is to be visited
   */
  public LoopOptions withGoroutines(GoOptions goroutines) {
    Manner.ofEach(goroutines); // refuses what sheds
    return new LoopOptions(grain, progress, interval, goroutines);
  }
}
