package dev.raddle.job;

import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Policy;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** First come, first served; counts what its queues hold, and what was ever added. */
class Fifo implements Policy {
  final AtomicLong queued = new AtomicLong();
  final AtomicLong added = new AtomicLong();

  @Override
  public Policy.Queue newQueue(int processor) {
    return new Policy.Queue() {
      private final ArrayDeque<Goroutine> queue = new ArrayDeque<>();

      @Override
      public void add(Goroutine g) {
        queue.add(g);
        queued.incrementAndGet();
        added.incrementAndGet();
      }

      @Override
      public @Nullable Goroutine next() {
        Goroutine g = queue.poll();
        if (g != null) {
          queued.decrementAndGet();
        }
        return g;
      }
    };
  }
}
