package dev.raddle.runtime;

import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.PolicyQueue;
import dev.raddle.internal.sched.RunPolicy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user's {@link Policy} as the scheduler wants it. */
final class Policies implements RunPolicy {
  private final Policy policy;

  Policies(Policy policy) {
    this.policy = policy;
  }

  @Override
  public PolicyQueue newQueue(int processor) {
    return new Queue(policy.newQueue(processor));
  }

  @Override
  public boolean admits(G g) {
    return policy.admits(new Goroutine(g));
  }

  @Override
  public void orderVictims(int processor, int[] victims) {
    policy.orderVictims(processor, victims);
  }

  private static final class Queue extends PolicyQueue {
    private final Policy.Queue queue;

    Queue(Policy.Queue queue) {
      this.queue = Objects.requireNonNull(queue, "policy: expected a queue, found null");
    }

    @Override
    protected void add(G g, Runnable task) {
      queue.add(new Goroutine(g, task));
    }

    @Override
    protected @Nullable Runnable next() {
      Goroutine next = queue.next();
      return next == null ? null : next.task;
    }

    @Override
    protected void ran(G g, long nanos) {
      queue.ran(new Goroutine(g), nanos);
    }
  }
}
