package dev.raddle.job;

import org.jspecify.annotations.Nullable;

/** A loop without a result. */
abstract class Each extends Loop<@Nullable Void> {
  Each(LoopOptions options) {
    super(options);
  }

  /** Visits the indices, in order. */
  abstract void visit(long from, long to) throws Exception;

  @Override
  final @Nullable Void zero() {
    return null;
  }

  @Override
  final @Nullable Void step(@Nullable Void before, long from, long to) throws Exception {
    visit(from, to);
    return null;
  }

  @Override
  final @Nullable Void combine(@Nullable Void left, @Nullable Void right) {
    return null;
  }
}
