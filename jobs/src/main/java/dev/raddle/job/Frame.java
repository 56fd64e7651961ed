package dev.raddle.job;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** A graph in the middle of a run: the whole one, or what a job has added. */
final class Frame {
  final GraphPlan plan;

  /** What the job that added it belongs to; null for the whole graph. */
  final @Nullable Frame parent;

  /** The job that added it. */
  final int parentIndex;

  /** By index: how many ends are missing until the job starts. */
  final AtomicIntegerArray left;

  /** Jobs that have been started and not ended, and one for whoever starts the first ones. */
  final AtomicInteger active = new AtomicInteger(1);

  Frame(GraphPlan plan, @Nullable Frame parent, int parentIndex) {
    this.plan = plan;
    this.parent = parent;
    this.parentIndex = parentIndex;
    left = new AtomicIntegerArray(plan.before);
  }

  /** One end before that job; whether it starts now. Counts anew from then on. */
  boolean countDown(int index) {
    if (left.decrementAndGet(index) != 0) {
      return false;
    }
    left.addAndGet(index, plan.before[index]);
    return true;
  }
}
