package dev.raddle.job;

import dev.raddle.internal.util.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Tells of the progress of one loop: one call at a time, at most one an interval. */
final class ProgressReport {
  private final LoopOptions.Progress progress;
  private final long total;
  private final long intervalNanos;
  private final LongAdder done = new LongAdder();

  /** Held by the piece that calls; nobody waits for it. */
  private final AtomicBoolean telling = new AtomicBoolean();

  private volatile long lastNanos = Clock.nanoTime(); // written by the holder
  private long lastDone; // of the holder

  ProgressReport(LoopOptions.Progress progress, long total, LoopOptions options) {
    this.progress = progress;
    this.total = total;
    intervalNanos = Clock.nanos(options.interval());
  }

  /** A piece has visited {@code n} more. */
  void add(long n, long nowNanos) throws Exception {
    done.add(n);
    if (nowNanos - lastNanos < intervalNanos || !telling.compareAndSet(false, true)) {
      return;
    }
    try {
      long sum = done.sum();
      if (sum > lastDone && sum < total) { // the last call is the caller's
        lastDone = sum;
        progress.at(sum, total);
      }
      lastNanos = Clock.nanoTime();
    } finally {
      telling.set(false);
    }
  }

  /** All have been visited, and no piece is left. */
  void last() throws Exception {
    progress.at(total, total);
  }
}
