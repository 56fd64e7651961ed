package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Forks jobs, and loops over them. Map, reduce, scan and sort are in {@link Parallel}.
 *
 * <p>Jobs are goroutines: they may block at any depth. Whoever waits for one runs that very one or
 * parks; it never runs anything else on its stack meanwhile. All methods that wait leave nothing
 * behind when they return or throw, apart from {@link #fork}, whose job belongs to nobody.
 */
public final class Jobs {
  private Jobs() {}

  /** What a parallel loop does for one index. */
  @FunctionalInterface
  public interface LoopBody {
    /**
     * Runs once for each index, in any order, at the same time as others.
     *
     * @param index the index
     * @throws Exception ends the loop
     */
    void run(int index) throws Exception;
  }

  /** What a parallel loop over {@code long} does for one index. */
  @FunctionalInterface
  public interface LongLoopBody {
    /**
     * Runs once for each index, in any order, at the same time as others.
     *
     * @param index the index
     * @throws Exception ends the loop
     */
    void run(long index) throws Exception;
  }

  /**
   * What a parallel loop does for one element.
   *
   * @param <T> its type
   */
  @FunctionalInterface
  public interface ItemBody<T extends @Nullable Object> {
    /**
     * Runs once for each element, in any order, at the same time as others.
     *
     * @param item the element
     * @throws Exception ends the loop
     */
    void run(T item) throws Exception;
  }

  /** What a loop over a plane does for one cell. */
  @FunctionalInterface
  public interface CellBody {
    /**
     * Runs once for each cell, in any order, at the same time as others.
     *
     * @param row the row
     * @param column the column
     * @throws Exception ends the loop
     */
    void run(int row, int column) throws Exception;
  }

  /** What a loop over a plane does for one tile. */
  @FunctionalInterface
  public interface TileBody {
    /**
     * Runs once for each tile, in any order, at the same time as others.
     *
     * @param fromRow first row
     * @param toRow end of the rows, exclusive
     * @param fromColumn first column
     * @param toColumn end of the columns, exclusive
     * @throws Exception ends the loop
     */
    void run(int fromRow, int toRow, int fromColumn, int toColumn) throws Exception;
  }

  /**
   * Starts a job on the scheduler of the current goroutine, elsewhere on the default one. Join it,
   * at best in the reverse order of forking: an unstarted job is then run in place, for the price
   * of a call. A fork with its join costs some 40 ns and 80 bytes with the lambda. A failure that
   * nobody joins is lost; fork in a {@link JobScope} to be told.
   *
   * @param work what it does; may block
   * @param <T> type of the result
   * @return the job
   * @throws IllegalStateException if the scheduler is closed
   */
  public static <T extends @Nullable Object> Job<T> fork(Callable<? extends T> work) {
    var job = new CallableJob<T>(work);
    Sched.fork(job);
    return job;
  }

  /**
   * Runs all, in parallel, and waits for all of them. The first that fails cancels the others.
   *
   * @param work what to run
   * @param <T> type of the results
   * @return the results, in the order of {@code work}; a list of its own
   * @throws InterruptedException if interrupted; all have ended then
   * @throws JobFailedException if some failed: the first in time, the others suppressed
   */
  public static <T extends @Nullable Object> List<T> invokeAll(
      Collection<? extends Callable<? extends T>> work) throws InterruptedException {
    List<Job<T>> jobs = new ArrayList<>(work.size());
    try (var scope = JobScope.open()) {
      for (Callable<? extends T> w : work) {
        jobs.add(scope.<T>fork(w));
      }
      scope.join();
      List<T> results = new ArrayList<>(jobs.size());
      for (Job<T> job : jobs) {
        results.add(job.join());
      }
      return results;
    }
  }

  /**
   * Runs all, in parallel, until one succeeds; the others are then cancelled and waited for. That
   * some fail does not matter as long as one succeeds.
   *
   * @param work what to run; at least one
   * @param <T> type of the results
   * @return the first result in time
   * @throws IllegalArgumentException if there is nothing to run
   * @throws InterruptedException if interrupted; all have ended then
   * @throws JobFailedException if all failed: the first in time, the others suppressed
   */
  public static <T extends @Nullable Object> T anyOf(
      Collection<? extends Callable<? extends T>> work) throws InterruptedException {
    return new AnyOf<T>().run(work);
  }

  /**
   * Runs {@code body} for every index from {@code from} up to, not including, {@code to}. Cut
   * automatically, see {@link LoopOptions#auto}; a loop that is never cut costs about a microsecond
   * and, for each 10 to 40 µs of work, some 50 ns.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param body what to do
   * @throws IllegalArgumentException if {@code to} is below {@code from}
   * @throws InterruptedException if interrupted; nothing of the loop runs any more
   * @throws JobFailedException if the body failed: the first failure in time, others suppressed;
   *     what had not started is left out
   */
  public static void parallelFor(int from, int to, LoopBody body) throws InterruptedException {
    parallelFor(from, to, LoopOptions.auto(), body);
  }

  /**
   * As {@link #parallelFor(int, int, LoopBody)}, in pieces of at most {@code grain} indices.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param grain at least 1
   * @param body what to do
   * @throws IllegalArgumentException if the grain is less, or {@code to} is below {@code from}
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static void parallelFor(int from, int to, int grain, LoopBody body)
      throws InterruptedException {
    parallelFor(from, to, LoopOptions.grain(grain), body);
  }

  /**
   * As {@link #parallelFor(int, int, LoopBody)}, with options.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param options how to cut, whom to tell
   * @param body what to do
   * @throws IllegalArgumentException if {@code to} is below {@code from}
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static void parallelFor(int from, int to, LoopOptions options, LoopBody body)
      throws InterruptedException {
    Objects.requireNonNull(body, "body");
    new Each(options) {
      @Override
      void visit(long start, long end) throws Exception {
        for (int i = (int) start; i < (int) end; i++) {
          body.run(i);
        }
      }
    }.run(from, to);
  }

  /**
   * As {@link #parallelFor(int, int, LoopBody)}, over {@code long}; a name of its own, since a
   * lambda could not tell the two apart.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}, and no more than 2^63-1 above it
   * @param body what to do
   * @throws IllegalArgumentException if the range is not such
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static void parallelForLong(long from, long to, LongLoopBody body)
      throws InterruptedException {
    parallelForLong(from, to, LoopOptions.auto(), body);
  }

  /**
   * As {@link #parallelForLong(long, long, LongLoopBody)}, with options.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}, and no more than 2^63-1 above it
   * @param options how to cut, whom to tell
   * @param body what to do
   * @throws IllegalArgumentException if the range is not such
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static void parallelForLong(long from, long to, LoopOptions options, LongLoopBody body)
      throws InterruptedException {
    Objects.requireNonNull(body, "body");
    new Each(options) {
      @Override
      void visit(long start, long end) throws Exception {
        for (long i = start; i < end; i++) {
          body.run(i);
        }
      }
    }.run(from, to);
  }

  /**
   * Runs {@code body} for every element. A list without random access, or another collection, is
   * copied first.
   *
   * @param items the elements; not changed meanwhile
   * @param body what to do
   * @param <T> type of the elements
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static <T extends @Nullable Object> void parallelFor(
      Collection<? extends T> items, ItemBody<? super T> body) throws InterruptedException {
    parallelFor(items, LoopOptions.auto(), body);
  }

  /**
   * As {@link #parallelFor(Collection, ItemBody)}, with options.
   *
   * @param items the elements; not changed meanwhile
   * @param options how to cut, whom to tell
   * @param body what to do
   * @param <T> type of the elements
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static <T extends @Nullable Object> void parallelFor(
      Collection<? extends T> items, LoopOptions options, ItemBody<? super T> body)
      throws InterruptedException {
    Objects.requireNonNull(body, "body");
    List<? extends T> list = indexed(items);
    parallelFor(0, list.size(), options, i -> body.run(list.get(i)));
  }

  /** The elements by index. */
  static <T extends @Nullable Object> List<? extends T> indexed(Collection<? extends T> items) {
    return items instanceof RandomAccess && items instanceof List<? extends T> list
        ? list
        : new ArrayList<>(items);
  }

  /**
   * Runs {@code body} for every cell of a plane, by rows.
   *
   * @param rows how many, from 0
   * @param columns how many, from 0
   * @param options how to cut, in cells, and whom to tell
   * @param body what to do
   * @throws IllegalArgumentException if a number is negative
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static void parallelFor2d(int rows, int columns, LoopOptions options, CellBody body)
      throws InterruptedException {
    Objects.requireNonNull(body, "body");
    refuseNegative(rows, columns);
    new Each(options) {
      @Override
      void visit(long start, long end) throws Exception {
        int row = (int) (start / columns);
        int column = (int) (start % columns);
        for (long left = end - start; left > 0; row++, column = 0) {
          int stop = (int) Math.min(columns, column + left);
          left -= stop - column;
          for (; column < stop; column++) {
            body.run(row, column);
          }
        }
      }
    }.run(0, (long) rows * columns);
  }

  /**
   * Runs {@code body} for every tile of a plane; those at the right and lower edge may be smaller.
   * One tile is one index of the loop.
   *
   * @param rows how many, from 0
   * @param columns how many, from 0
   * @param tileRows the most rows of a tile
   * @param tileColumns the most columns of a tile
   * @param body what to do
   * @throws IllegalArgumentException if a number is negative, or a tile has no cell
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the body failed
   */
  public static void parallelForTiles(
      int rows, int columns, int tileRows, int tileColumns, TileBody body)
      throws InterruptedException {
    Objects.requireNonNull(body, "body");
    refuseNegative(rows, columns);
    if (tileRows < 1 || tileColumns < 1) {
      throw new IllegalArgumentException(
          "tile: expected at least 1 by 1, found " + tileRows + " by " + tileColumns);
    }
    long across = Math.ceilDiv((long) columns, tileColumns);
    long down = Math.ceilDiv((long) rows, tileRows);
    parallelForLong(
        0,
        across * down,
        tile -> {
          long row = tile / across * tileRows;
          long column = tile % across * tileColumns;
          body.run(
              (int) row,
              (int) Math.min(row + tileRows, rows),
              (int) column,
              (int) Math.min(column + tileColumns, columns));
        });
  }

  private static void refuseNegative(int rows, int columns) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "plane: expected no negative number, found " + rows + " by " + columns);
    }
  }
}
