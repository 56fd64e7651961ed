package dev.raddle.internal.sched;

import bench.jmh.Timed;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@link RunQueue}, by its owner and by a thief that nobody disturbs. */
@State(Scope.Thread)
public class RunQueueBench extends Timed {
  private static final int STOLEN = RunQueue.CAPACITY / 2;

  private final RunQueue queue = new RunQueue(RunQueue.CAPACITY);
  private final RunQueue mine = new RunQueue(RunQueue.CAPACITY);
  private final Runnable task = new Task();

  /** What the owner does for a goroutine. */
  @Benchmark
  public void pushPop() {
    check(queue.push(task));
    check(queue.pop() == task);
  }

  /** What a fork and its join do. */
  @Benchmark
  public void pushPopTail() {
    check(queue.push(task));
    check(queue.popTail(task));
  }

  /** The least that a thief can take: one task. */
  @Benchmark
  public void pushStealOne() {
    check(queue.push(task));
    check(queue.stealInto(mine) == task);
  }

  /** Half a full queue; a task of it, with the pushes and pops before and after. */
  @Benchmark
  @OperationsPerInvocation(STOLEN)
  public void stealHalf() {
    while (queue.push(task)) {}
    check(queue.stealInto(mine) == task);
    for (int i = 1; i < STOLEN; i++) {
      check(mine.pop() == task);
    }
    check(mine.isEmpty());
  }
}
