package dev.raddle.job;

import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** A loop whose result is made of the values of its indices. */
final class Reduce<R extends @Nullable Object> extends Loop<R> {
  private final R identity;
  private final Parallel.IndexMap<? extends R> map;
  private final Parallel.Combiner<R> combine;

  Reduce(
      LoopOptions options,
      R identity,
      Parallel.IndexMap<? extends R> map,
      Parallel.Combiner<R> combine) {
    super(options);
    this.identity = identity;
    this.map = Objects.requireNonNull(map, "map");
    this.combine = Objects.requireNonNull(combine, "combine");
  }

  @Override
  R zero() {
    return identity;
  }

  @Override
  R step(R before, long from, long to) throws Exception {
    R sum = before;
    for (int i = (int) from; i < (int) to; i++) {
      sum = combine.of(sum, map.at(i));
    }
    return sum;
  }

  @Override
  R combine(R left, R right) throws Exception {
    return combine.of(left, right);
  }

  /** For {@code long}: a box a step. */
  static final class OfLong extends Loop<Long> {
    private final long identity;
    private final Parallel.LongIndexMap map;
    private final LongBinaryOperator combine;

    OfLong(
        LoopOptions options, long identity, Parallel.LongIndexMap map, LongBinaryOperator combine) {
      super(options);
      this.identity = identity;
      this.map = Objects.requireNonNull(map, "map");
      this.combine = Objects.requireNonNull(combine, "combine");
    }

    @Override
    Long zero() {
      return identity;
    }

    @Override
    Long step(Long before, long from, long to) throws Exception {
      long sum = before;
      for (long i = from; i < to; i++) {
        sum = combine.applyAsLong(sum, map.at(i));
      }
      return sum;
    }

    @Override
    Long combine(Long left, Long right) {
      return combine.applyAsLong(left, right);
    }
  }

  /** For {@code double}: a box a step. */
  static final class OfDouble extends Loop<Double> {
    private final double identity;
    private final Parallel.DoubleIndexMap map;
    private final DoubleBinaryOperator combine;

    OfDouble(
        LoopOptions options,
        double identity,
        Parallel.DoubleIndexMap map,
        DoubleBinaryOperator combine) {
      super(options);
      this.identity = identity;
      this.map = Objects.requireNonNull(map, "map");
      this.combine = Objects.requireNonNull(combine, "combine");
    }

    @Override
    Double zero() {
      return identity;
    }

    @Override
    Double step(Double before, long from, long to) throws Exception {
      double sum = before;
      for (long i = from; i < to; i++) {
        sum = combine.applyAsDouble(sum, map.at(i));
      }
      return sum;
    }

    @Override
    Double combine(Double left, Double right) {
      return combine.applyAsDouble(left, right);
    }
  }
}
