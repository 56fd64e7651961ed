package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A race of jobs for the first result. */
final class AnyOf<T extends @Nullable Object> {
  private final Children children = new Children();
  private @Nullable Attempt winner; // guarded by this
  private final List<Throwable> failures = new ArrayList<>(); // guarded by this

  T run(Collection<? extends Callable<? extends T>> work) throws InterruptedException {
    if (work.isEmpty()) {
      throw new IllegalArgumentException("anyOf: expected something to run, found nothing");
    }
    List<Attempt> attempts = new ArrayList<>();
    for (Callable<? extends T> w : work) {
      attempts.add(new Attempt(Objects.requireNonNull(w, "work")));
    }
    try {
      attempts.forEach(children::fork);
    } catch (Throwable t) { // the scheduler is closed: nothing is left behind
      children.cancel();
      children.awaitAll();
      throw t;
    }
    children.complete();
    synchronized (this) {
      if (winner != null) {
        return winner.result();
      }
      var e = new JobFailedException(failures.getFirst());
      failures.stream().skip(1).filter(f -> f != e.getCause()).forEach(e::addSuppressed);
      throw e;
    }
  }

  private final class Attempt extends OwnedJob<T> {
    private final Callable<? extends T> work;

    Attempt(Callable<? extends T> work) {
      super(children);
      this.work = work;
    }

    @Override
    T compute() throws Exception {
      return work.call();
    }

    @Override
    void ending(boolean began, @Nullable Throwable failure) {
      if (failure instanceof InterruptedException && Sched.currentG() != this) {
        super.ending(began, failure); // in place: the caller was interrupted, and the race ends
        return;
      }
      boolean won = false;
      synchronized (AnyOf.this) {
        if (failure != null) {
          failures.add(failure);
        } else if (began && winner == null && !isStopped()) {
          winner = this;
          won = true;
        }
      }
      if (won) {
        children.cancel();
      }
      super.ending(began, null);
    }
  }
}
