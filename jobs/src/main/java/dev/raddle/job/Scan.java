package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import dev.raddle.runtime.Body;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Prefix sums of an array in two passes over a few blocks for each P: the sum of every block but
 * the last, and then every block from the sum of those before it.
 */
abstract class Scan {
  private static final int BLOCKS_A_PROCESSOR = 4;
  private static final int LEAST_BLOCK = 4096;

  final void run(int length) throws InterruptedException {
    int processors = Sched.current().gomaxprocs(0);
    int blocks =
        processors == 1 ? 1 : Math.min(BLOCKS_A_PROCESSOR * processors, length / LEAST_BLOCK);
    if (blocks <= 1) {
      inOneJob(() -> scan(0, length, -1));
      return;
    }
    makeRoom(blocks - 1);
    Jobs.parallelFor(
        0, blocks - 1, 1, b -> sum(b, start(b, blocks, length), start(b + 1, blocks, length)));
    inOneJob(
        () -> {
          for (int b = 1; b < blocks - 1; b++) {
            addSumBefore(b);
          }
        });
    Jobs.parallelFor(
        0, blocks, 1, b -> scan(start(b, blocks, length), start(b + 1, blocks, length), b - 1));
  }

  /** For its failures. */
  private static void inOneJob(Body body) throws InterruptedException {
    try (var scope = JobScope.open()) {
      scope.go(body);
      scope.join();
    }
  }

  private static int start(int block, int blocks, int length) {
    return (int) ((long) length * block / blocks);
  }

  /** Makes room for that many sums. */
  abstract void makeRoom(int blocks);

  /** Sets the sum of a block, which is not empty. */
  abstract void sum(int block, int from, int to) throws Exception;

  /** Adds the sum of the block before. */
  abstract void addSumBefore(int block) throws Exception;

  /** Scans a block, beginning with the sum up to block {@code before}; -1 for none. */
  abstract void scan(int from, int to, int before) throws Exception;

  /** For {@code long}. */
  static final class OfLong extends Scan {
    private final long[] array;
    private final LongBinaryOperator combine;
    private long[] sums = new long[0];

    OfLong(long[] array, LongBinaryOperator combine) {
      this.array = array;
      this.combine = Objects.requireNonNull(combine, "combine");
    }

    @Override
    void makeRoom(int blocks) {
      sums = new long[blocks];
    }

    @Override
    void sum(int block, int from, int to) {
      long sum = array[from];
      for (int i = from + 1; i < to; i++) {
        sum = combine.applyAsLong(sum, array[i]);
      }
      sums[block] = sum;
    }

    @Override
    void addSumBefore(int block) {
      sums[block] = combine.applyAsLong(sums[block - 1], sums[block]);
    }

    @Override
    void scan(int from, int to, int before) {
      if (from == to) {
        return;
      }
      long sum = before < 0 ? array[from] : combine.applyAsLong(sums[before], array[from]);
      array[from] = sum;
      for (int i = from + 1; i < to; i++) {
        sum = combine.applyAsLong(sum, array[i]);
        array[i] = sum;
      }
    }
  }

  /** For {@code double}. */
  static final class OfDouble extends Scan {
    private final double[] array;
    private final DoubleBinaryOperator combine;
    private double[] sums = new double[0];

    OfDouble(double[] array, DoubleBinaryOperator combine) {
      this.array = array;
      this.combine = Objects.requireNonNull(combine, "combine");
    }

    @Override
    void makeRoom(int blocks) {
      sums = new double[blocks];
    }

    @Override
    void sum(int block, int from, int to) {
      double sum = array[from];
      for (int i = from + 1; i < to; i++) {
        sum = combine.applyAsDouble(sum, array[i]);
      }
      sums[block] = sum;
    }

    @Override
    void addSumBefore(int block) {
      sums[block] = combine.applyAsDouble(sums[block - 1], sums[block]);
    }

    @Override
    void scan(int from, int to, int before) {
      if (from == to) {
        return;
      }
      double sum = before < 0 ? array[from] : combine.applyAsDouble(sums[before], array[from]);
      array[from] = sum;
      for (int i = from + 1; i < to; i++) {
        sum = combine.applyAsDouble(sum, array[i]);
        array[i] = sum;
      }
    }
  }

  /** For objects. */
  static final class OfObject<T extends @Nullable Object> extends Scan {
    private final T[] array;
    private final Parallel.Combiner<T> combine;
    private T[] sums;

    OfObject(T[] array, Parallel.Combiner<T> combine) {
      this.array = array;
      this.combine = Objects.requireNonNull(combine, "combine");
      sums = array;
    }

    @Override
    void makeRoom(int blocks) {
      sums = Arrays.copyOf(array, blocks); // of the same type
    }

    @Override
    void sum(int block, int from, int to) throws Exception {
      T sum = array[from];
      for (int i = from + 1; i < to; i++) {
        sum = combine.of(sum, array[i]);
      }
      sums[block] = sum;
    }

    @Override
    void addSumBefore(int block) throws Exception {
      sums[block] = combine.of(sums[block - 1], sums[block]);
    }

    @Override
    void scan(int from, int to, int before) throws Exception {
      if (from == to) {
        return;
      }
      T sum = before < 0 ? array[from] : combine.of(sums[before], array[from]);
      array[from] = sum;
      for (int i = from + 1; i < to; i++) {
        sum = combine.of(sum, array[i]);
        array[i] = sum;
      }
    }
  }
}
