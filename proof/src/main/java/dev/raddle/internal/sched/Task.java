package dev.raddle.internal.sched;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the proofs put into queues. */
final class Task implements Runnable {
  /** Plain, so that only the queue can publish it. */
  int payload;

  private final AtomicInteger taken = new AtomicInteger();

  @Override
  public void run() {
    taken.incrementAndGet();
  }

  int taken() {
    return taken.get();
  }

  static void run(@Nullable Runnable task) {
    if (task != null) {
      task.run();
    }
  }

  /** The payload of a task; 0 without one. */
  static int payload(@Nullable Runnable task) {
    return task instanceof Task t ? t.payload : 0;
  }
}
