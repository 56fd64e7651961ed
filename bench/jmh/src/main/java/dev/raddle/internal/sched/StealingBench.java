package dev.raddle.internal.sched;

import bench.jmh.Timed;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A {@link RunQueue} whose owner and thief meet: pushes with pops, and attempts to steal. */
@State(Scope.Group)
public class StealingBench extends Timed {
  private final RunQueue queue = new RunQueue(RunQueue.CAPACITY);
  private final RunQueue mine = new RunQueue(RunQueue.CAPACITY);
  private final Runnable task = new Task();
  private long pushed;
  private long popped;
  private long stolen;

  /** Pushes two and pops one, as far as the thief leaves one; makes room when there is none. */
  @Benchmark
  @Group("stealing")
  public void owner() {
    for (int i = 0; i < 2; i++) {
      if (queue.push(task)) {
        pushed++;
      }
    }
    if (queue.pop() != null) {
      popped++;
    }
  }

  /** Steals, and empties its own queue. */
  @Benchmark
  @Group("stealing")
  public void thief() {
    if (queue.stealInto(mine) != null) {
      stolen++;
      while (mine.pop() != null) {
        stolen++;
      }
    }
  }

  /** No task was lost or taken twice. */
  @TearDown(Level.Iteration)
  public void count() {
    check(pushed == popped + stolen + queue.size());
  }
}
