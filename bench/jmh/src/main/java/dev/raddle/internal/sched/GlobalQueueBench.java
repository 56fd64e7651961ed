package dev.raddle.internal.sched;

import bench.jmh.Timed;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** {@link GlobalQueue}, which all Ps share. */
@State(Scope.Benchmark)
public class GlobalQueueBench extends Timed {
  private static final int BATCH = RunQueue.CAPACITY / 2;

  private final GlobalQueue queue = new GlobalQueue();

  /** What is each P's own. */
  @State(Scope.Thread)
  public static class Local {
    private final RunQueue queue = new RunQueue(RunQueue.CAPACITY);
    private final Runnable task;
    private final Runnable[] batch = new Runnable[BATCH];

    /** Made by JMH. */
    public Local() {
      task = new Task();
      Arrays.fill(batch, task);
    }
  }

  /** What comes from outside; with {@code -t 2} from two threads. */
  @Benchmark
  public void pushPoll(Local local) {
    queue.push(G.NORMAL, local.task);
    check(queue.poll(G.NORMAL, local.queue) != null);
  }

  /** A task of half a local queue that overflows, and is taken by a P. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void overflow(Local local) {
    queue.pushAll(G.NORMAL, local.batch);
    check(queue.poll(G.NORMAL, local.queue) != null);
    for (int i = 1; i < BATCH; i++) {
      check(local.queue.pop() != null);
    }
  }
}
