package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Forks jobs, and loops over them. */
public final class Jobs {
  private Jobs() {}

  /**
   * What a parallel loop does for one index.
   *
   * @see #parallelFor(int, int, LoopBody)
   */
  @FunctionalInterface
  public interface LoopBody {
    /**
     * Runs once for each index, in any order, at the same time as others.
     *
     * @param index the index
     * @throws Exception ends the loop
     */
    void run(int index) throws Exception;
  }

  /**
   * Starts a job on the scheduler of the current goroutine, elsewhere on the default one. Join it,
   * at best in the reverse order of forking: an unstarted job is then run in place, for the price
   * of a call.
   *
   * @param work what it does; may block
   * @param <T> type of the result
   * @return the job
   */
  public static <T extends @Nullable Object> Job<T> fork(Callable<? extends T> work) {
    var job = new ForkedJob<T>(Objects.requireNonNull(work, "work"));
    Sched.fork(job);
    return job;
  }

  /**
   * Runs all, in parallel, and waits for all of them.
   *
   * @param work what to run
   * @param <T> type of the results
   * @return the results, in the order of {@code work}
   * @throws InterruptedException if interrupted while waiting
   * @throws JobFailedException if some failed: the first in order, the others suppressed
   */
  public static <T extends @Nullable Object> List<T> invokeAll(
      List<? extends Callable<? extends T>> work) throws InterruptedException {
    List<Job<T>> jobs = new ArrayList<>();
    for (var w : work) {
      jobs.add(Jobs.<T>fork(w));
    }
    List<@Nullable T> results = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      results.add(null);
    }
    JobFailedException failed = null;
    for (int i = jobs.size() - 1; i >= 0; i--) {
      try {
        results.set(i, jobs.get(i).join());
      } catch (JobFailedException e) {
        if (failed != null) {
          e.addSuppressed(failed);
        }
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
    @SuppressWarnings("NullAway") // every slot was set
    List<T> all = results;
    return all;
  }

  /**
   * Runs {@code body} for every index from {@code from} up to, not including, {@code to}, in
   * parallel pieces of a size that gives each P eight of them.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param body what to do
   * @throws InterruptedException if interrupted while waiting
   * @throws JobFailedException if the body failed: the first failure; what had not started is left
   *     out
   */
  public static void parallelFor(int from, int to, LoopBody body) throws InterruptedException {
    long pieces = 8L * Sched.current().gomaxprocs(0);
    long size = (long) to - from;
    parallelFor(from, to, Math.clamp(size / pieces, 1, Integer.MAX_VALUE), body);
  }

  /**
   * As {@link #parallelFor(int, int, LoopBody)}, in pieces of at most {@code grain} indices.
   *
   * @param from first index
   * @param to end, exclusive; not below {@code from}
   * @param grain at least 1
   * @param body what to do
   * @throws InterruptedException if interrupted while waiting
   * @throws JobFailedException if the body failed
   */
  public static void parallelFor(int from, int to, int grain, LoopBody body)
      throws InterruptedException {
    if (to < from) {
      throw new IllegalArgumentException(
          "parallelFor: expected an end of at least " + from + ", found " + to);
    }
    if (grain < 1) {
      throw new IllegalArgumentException(
          "parallelFor: expected a grain of at least 1, found " + grain);
    }
    var failed = new AtomicReference<@Nullable Throwable>();
    split(from, to, grain, body, failed);
    Throwable t = failed.get();
    if (t != null) {
      throw new JobFailedException(t);
    }
  }

  private static void split(
      int from, int to, int grain, LoopBody body, AtomicReference<@Nullable Throwable> failed)
      throws InterruptedException {
    if ((long) to - from <= grain) {
      loop(from, to, body, failed);
      return;
    }
    int middle = from + (int) (((long) to - from) / 2);
    var upper =
        fork(
            () -> {
              split(middle, to, grain, body, failed);
              return true;
            });
    split(from, middle, grain, body, failed);
    upper.join();
  }

  private static void loop(
      int from, int to, LoopBody body, AtomicReference<@Nullable Throwable> failed) {
    try {
      for (int i = from; i < to && failed.get() == null; i++) {
        body.run(i);
      }
    } catch (Throwable t) {
      if (!failed.compareAndSet(null, t)) {
        Throwable first = failed.get();
        if (first != null && first != t) {
          first.addSuppressed(t);
        }
      }
    }
  }
}
