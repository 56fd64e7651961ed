package dev.raddle.job;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A job that nobody owns, see {@link Jobs#fork}. */
final class CallableJob<T extends @Nullable Object> extends ForkedJob<T> {
  private @Nullable Callable<? extends T> work;

  CallableJob(Callable<? extends T> work) {
    this.work = Objects.requireNonNull(work, "work");
  }

  @Override
  @SuppressWarnings("NullAway") // called once
  T compute() throws Exception {
    Callable<? extends T> w = work;
    work = null; // nothing that the job no longer needs is kept
    return w.call();
  }
}
