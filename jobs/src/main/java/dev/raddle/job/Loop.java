package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.util.Clock;
import dev.raddle.runtime.GoOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * A loop over a range of indices in pieces, each of which gives a partial result.
 *
 * Cutting    A piece cuts off the upper half of what is left of it and goes on with the lower one.
 *            With a grain it does so until no more than that is left. Without, whenever somebody is
 *            hungry: another P has no work and nothing is queued here. On one P nothing is ever cut.
 * Steps      A piece goes on by steps, whose length doubles or halves so that one takes 10 to 40 us:
 *            long enough to hide the look at the clock and at the others, short enough to feed a P soon.
 *            TBB and enkiTS advise pieces of that length; it is not tuned here.
 * Order      The pieces cut off are joined the last one first, which is the order of their indices.
 * Failure    The first ends the loop: pieces that have not begun never do, others stop after their step,
 *            or at once if they block, as they are interrupted.
 * Caller     Its piece is a job as well, which it runs in place; unless the pieces were given another
 *            class, or a deadline: then it parks.
 * Sources    Lazy binary splitting: Tzannes, Caragea, Barua, Vishkin, PPoPP 2010.
 */
abstract class Loop<A extends @Nullable Object> {
  private static final long SHORT_NANOS = 10_000;
  private static final long LONG_NANOS = 40_000;
  private static final long MAX_STEP = 1L << 30;

  private final Children children;
  private final LoopOptions options;
  private @Nullable ProgressReport report;

  Loop(LoopOptions options) {
    this.options = Objects.requireNonNull(options, "options");
    GoOptions goroutines = options.goroutines();
    children = new Children(goroutines == null ? null : Manner.ofAll(goroutines));
  }

  /** The partial result of no index. */
  abstract A zero();

  /** Visits the indices of one step, in order. */
  abstract A step(A before, long from, long to) throws Exception;

  /** The partial result of two neighbours. */
  abstract A combine(A left, A right) throws Exception;

  /**
   * Runs the loop.
   *
   * @throws IllegalArgumentException if the range ends before it begins, or is too long
   * @throws InterruptedException if interrupted; nothing of the loop runs any more
   * @throws JobFailedException if it failed
   */
  final A run(long from, long to) throws InterruptedException {
    long size = to - from;
    if (to < from || size < 0) {
      throw new IllegalArgumentException(
          "loop: expected an end of at least "
              + from
              + " and at most 2^63-1 indices, found the end "
              + to);
    }
    LoopOptions.Progress p = options.progress();
    if (p != null) {
      report = new ProgressReport(p, size, options);
    }
    var all = new Piece(from, to, 1);
    children.fork(all);
    children.complete();
    tellTheLast();
    return all.result();
  }

  private void tellTheLast() throws InterruptedException {
    if (report != null) {
      try {
        report.last();
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable t) {
        throw new JobFailedException(t);
      }
    }
  }

  private final class Piece extends OwnedJob<A> {
    private long from;
    private long to;
    private long length;

    /** Cut off before; its indices follow those of this one. */
    private @Nullable Piece next;

    Piece(long from, long to, long length) {
      super(children);
      this.from = from;
      this.to = to;
      this.length = length;
    }

    @Override
    A compute() throws Exception {
      Piece right = null;
      long grain = options.grain();
      while (grain > 0 && to - from > grain) {
        right = cut(right);
      }
      A sum = zero();
      while (from < to) {
        if (children.isCancelled()) {
          throw Halt.INSTANCE;
        }
        if (grain == 0 && to - from > 1 && Sched.isHungry()) {
          right = cut(right);
        }
        sum = step(sum);
      }
      for (; right != null; right = right.next) {
        sum = combine(sum, Children.joinOrHalt(right));
      }
      return sum;
    }

    private Piece cut(@Nullable Piece before) {
      long middle = from + (to - from) / 2;
      var upper = new Piece(middle, to, length);
      upper.next = before;
      to = middle;
      children.fork(upper);
      return upper;
    }

    private A step(A sum) throws Exception {
      long end = from + Math.min(length, to - from);
      long start = Clock.nanoTime();
      A after = Loop.this.step(sum, from, end);
      long now = Clock.nanoTime();
      ProgressReport r = report;
      if (r != null) {
        r.add(end - from, now);
      }
      from = end;
      if (now - start < SHORT_NANOS) {
        length = Math.min(2 * length, MAX_STEP);
      } else if (now - start > LONG_NANOS) {
        length = Math.max(length / 2, 1);
      }
      return after;
    }
  }
}
