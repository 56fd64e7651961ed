package dev.raddle.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Map, reduce, scan and sort on the goroutines of the current scheduler. As with the loops of
 * {@link Jobs}, the caller takes part, results keep the order of their indices, the first failure
 * cancels the rest, and nothing runs any more when a method has returned or thrown. Each throws
 *
 * <ul>
 *   <li>{@link InterruptedException} if interrupted,
 *   <li>{@link JobFailedException} if a function failed: the first failure in time, others
 *       suppressed; what it was to fill may then be filled in part.
 * </ul>
 *
 * <p>On one P all of them are the sequential algorithm.
 */
public final class Parallel {
  private Parallel() {}

  /**
   * Gives a value for an index.
   *
   * @param <R> type of the value
   */
  @FunctionalInterface
  public interface IndexMap<R extends @Nullable Object> {
    /**
     * Called once for each index, in any order, at the same time as others.
     *
     * @param index the index
     * @return the value
     * @throws Exception ends the work
     */
    R at(int index) throws Exception;
  }

  /** As {@link IndexMap}, for {@code long}. */
  @FunctionalInterface
  public interface LongIndexMap {
    /**
     * Called once for each index, in any order, at the same time as others.
     *
     * @param index the index
     * @return the value
     * @throws Exception ends the work
     */
    long at(long index) throws Exception;
  }

  /** As {@link IndexMap}, for {@code double}. */
  @FunctionalInterface
  public interface DoubleIndexMap {
    /**
     * Called once for each index, in any order, at the same time as others.
     *
     * @param index the index
     * @return the value
     * @throws Exception ends the work
     */
    double at(long index) throws Exception;
  }

  /**
   * Gives a value for an element.
   *
   * @param <T> type of the element
   * @param <R> type of the value
   */
  @FunctionalInterface
  public interface ItemMap<T extends @Nullable Object, R extends @Nullable Object> {
    /**
     * Called once for each element, in any order, at the same time as others.
     *
     * @param item the element
     * @return the value
     * @throws Exception ends the work
     */
    R of(T item) throws Exception;
  }

  /**
   * Makes one value of two neighbours. Must be associative; need not be commutative.
   *
   * @param <R> type of the values
   */
  @FunctionalInterface
  public interface Combiner<R extends @Nullable Object> {
    /**
     * Called in any order, at the same time as others.
     *
     * @param left of the lower indices
     * @param right of the higher ones
     * @return the value of both
     * @throws Exception ends the work
     */
    R of(R left, R right) throws Exception;
  }

  // ---- map ----

  /**
   * Maps a collection.
   *
   * @param items the elements; not changed meanwhile
   * @param map what to do
   * @param <T> type of the elements
   * @param <R> type of the results
   * @return the results, in the order of the elements; a list of its own
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the map failed
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Collection<? extends T> items, ItemMap<? super T, ? extends R> map)
      throws InterruptedException {
    return map(items, LoopOptions.auto(), map);
  }

  /**
   * As {@link #map(Collection, ItemMap)}, with options. A grain of 1 has as many goroutines as
   * elements, which is right for maps that block.
   *
   * @param items the elements; not changed meanwhile
   * @param options how to cut, whom to tell
   * @param map what to do
   * @param <T> type of the elements
   * @param <R> type of the results
   * @return the results, in the order of the elements; a list of its own
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the map failed
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // every slot holds an R
  public static <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Collection<? extends T> items, LoopOptions options, ItemMap<? super T, ? extends R> map)
      throws InterruptedException {
    Objects.requireNonNull(map, "map");
    List<? extends T> list = Jobs.indexed(items);
    var results = new Object[list.size()];
    Jobs.parallelFor(0, results.length, options, i -> results[i] = map.of(list.get(i)));
    return (List<R>) new ArrayList<>(Arrays.asList(results));
  }

  /**
   * Fills a new array by index.
   *
   * @param length of the array
   * @param map gives each element
   * @param array makes the array, such as {@code String[]::new}
   * @param <R> type of the elements
   * @return the array
   * @throws IllegalArgumentException if the length is negative
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if the map failed
   */
  public static <R extends @Nullable Object> R[] mapToArray(
      int length, IndexMap<? extends R> map, IntFunction<R[]> array) throws InterruptedException {
    Objects.requireNonNull(map, "map");
    if (length < 0) {
      throw new IllegalArgumentException(
          "mapToArray: expected no negative length, found " + length);
    }
    R[] results = array.apply(length);
    Jobs.parallelFor(0, length, i -> results[i] = map.at(i));
    return results;
  }

  // ---- reduce ----

  /**
   * Makes one value of those of a range of indices, in their order.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param identity changes nothing when combined; a piece begins with it
   * @param map gives the value of an index
   * @param combine makes one of two
   * @param <R> type of the values
   * @return the value of all; {@code identity} for an empty range
   * @throws IllegalArgumentException if {@code to} is below {@code from}
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if a function failed
   */
  public static <R extends @Nullable Object> R reduce(
      int from, int to, R identity, IndexMap<? extends R> map, Combiner<R> combine)
      throws InterruptedException {
    return reduce(from, to, LoopOptions.auto(), identity, map, combine);
  }

  /**
   * As {@link #reduce(int, int, Object, IndexMap, Combiner)}, with options.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param options how to cut, whom to tell
   * @param identity changes nothing when combined; a piece begins with it
   * @param map gives the value of an index
   * @param combine makes one of two
   * @param <R> type of the values
   * @return the value of all; {@code identity} for an empty range
   * @throws IllegalArgumentException if {@code to} is below {@code from}
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if a function failed
   */
  public static <R extends @Nullable Object> R reduce(
      int from,
      int to,
      LoopOptions options,
      R identity,
      IndexMap<? extends R> map,
      Combiner<R> combine)
      throws InterruptedException {
    return new Reduce<R>(options, identity, map, combine).run(from, to);
  }

  /**
   * As {@link #reduce(int, int, Object, IndexMap, Combiner)}, for {@code long}, without boxes.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}, and no more than 2^63-1 above it
   * @param identity changes nothing when combined
   * @param map gives the value of an index
   * @param combine makes one of two; associative
   * @return the value of all
   * @throws IllegalArgumentException if the range is not such
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if a function failed
   */
  public static long reduceLong(
      long from, long to, long identity, LongIndexMap map, LongBinaryOperator combine)
      throws InterruptedException {
    return new Reduce.OfLong(LoopOptions.auto(), identity, map, combine).run(from, to);
  }

  /**
   * As {@link #reduceLong}, for {@code double}. Sums of floating-point numbers depend on where the
   * loop is cut; with an explicit grain that, and so the sum, is the same in each run.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}, and no more than 2^63-1 above it
   * @param options how to cut, whom to tell
   * @param identity changes nothing when combined
   * @param map gives the value of an index
   * @param combine makes one of two; associative
   * @return the value of all
   * @throws IllegalArgumentException if the range is not such
   * @throws InterruptedException if interrupted
   * @throws JobFailedException if a function failed
   */
  public static double reduceDouble(
      long from,
      long to,
      LoopOptions options,
      double identity,
      DoubleIndexMap map,
      DoubleBinaryOperator combine)
      throws InterruptedException {
    return new Reduce.OfDouble(options, identity, map, combine).run(from, to);
  }

  // ---- scan ----

  /**
   * Replaces each element by the value of all up to and including it: Go has no such thing; {@link
   * Arrays#parallelPrefix} is the JDK's. Visits each element twice where more than one P works.
   *
   * @param array changed in place
   * @param combine makes one of two; associative
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   * @throws JobFailedException if the function failed; likewise
   */
  public static void scan(long[] array, LongBinaryOperator combine) throws InterruptedException {
    new Scan.OfLong(array, combine).run(array.length);
  }

  /**
   * As {@link #scan(long[], LongBinaryOperator)}, for {@code double}. The blocks depend on the
   * number of Ps, and with them the rounding.
   *
   * @param array changed in place
   * @param combine makes one of two; associative
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   * @throws JobFailedException if the function failed; likewise
   */
  public static void scan(double[] array, DoubleBinaryOperator combine)
      throws InterruptedException {
    new Scan.OfDouble(array, combine).run(array.length);
  }

  /**
   * As {@link #scan(long[], LongBinaryOperator)}, for objects.
   *
   * @param array changed in place
   * @param combine makes one of two; associative
   * @param <T> type of the elements
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   * @throws JobFailedException if the function failed; likewise
   */
  public static <T extends @Nullable Object> void scan(T[] array, Combiner<T> combine)
      throws InterruptedException {
    new Scan.OfObject<>(array, combine).run(array.length);
  }

  // ---- sort ----

  /**
   * Sorts, as {@link Arrays#sort(int[])}: a merge sort whose leaves are sorted by that, with a
   * second array of the same length where more than one P works.
   *
   * @param array sorted in place
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   */
  public static void sort(int[] array) throws InterruptedException {
    new MergeSort.OfInt(array).run(array.length);
  }

  /**
   * As {@link #sort(int[])}.
   *
   * @param array sorted in place
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   */
  public static void sort(long[] array) throws InterruptedException {
    new MergeSort.OfLong(array).run(array.length);
  }

  /**
   * As {@link #sort(int[])}; in the order of {@link Double#compare}.
   *
   * @param array sorted in place
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   */
  public static void sort(double[] array) throws InterruptedException {
    new MergeSort.OfDouble(array).run(array.length);
  }

  /**
   * Sorts objects; equal ones keep their order.
   *
   * @param array sorted in place
   * @param order says which comes first
   * @param <T> type of the elements
   * @throws InterruptedException if interrupted; the array is then in an undefined state
   * @throws JobFailedException if the comparator failed; likewise
   */
  public static <T extends @Nullable Object> void sort(T[] array, Comparator<? super T> order)
      throws InterruptedException {
    new MergeSort.OfObject<>(array, order).run(array.length);
  }
}
