package dev.raddle.job;

import dev.raddle.internal.sched.G;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A job that counts what happens to it. */
public final class ProofJob extends ForkedJob<Integer> {
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger endings = new AtomicInteger();

  /** A goroutine that joins. */
  private static final class Joiner extends G {
    @Override
    protected void body() {}
  }

  @Override
  Integer compute() {
    runs.incrementAndGet();
    return 7;
  }

  @Override
  void ending(boolean began, @Nullable Throwable failure) {
    endings.incrementAndGet();
  }

  /** As an M that takes it from a queue, with a thread that can be interrupted. */
  void takeAndRun() {
    if (claim()) {
      run();
    }
  }

  /** As a joiner that finds it unstarted. */
  void joinInPlace() {
    runFor(new Joiner());
  }

  /** How often it ran. */
  int runs() {
    return runs.get();
  }

  /** How often its owner was told of its end. */
  int endings() {
    return endings.get();
  }
}
