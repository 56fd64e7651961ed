package dev.raddle.job;

import static dev.raddle.Go.select;

import dev.raddle.Chan;
import dev.raddle.context.Context;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Scheduler;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Owns the jobs that are forked in it: none outlives the scope, and the first that fails cancels
 * the others. The goroutine (or thread) that opened it joins and closes it; anyone may fork while
 * it is open, its own jobs too.
 *
 * <pre>{@code
 * try (var scope = JobScope.open()) {
 *   Job<User> user = scope.fork(() -> findUser(id));
 *   Job<Order> order = scope.fork(() -> findOrder(id));
 *   scope.join();
 *   return new Answer(user.join(), order.join());
 * }
 * }</pre>
 *
 * <p>A fork costs a lock more than {@link Jobs#fork}, and so does its end: some 50 ns each. After
 * the close every fork and join, of the scope or of a job in it, is refused.
 */
public final class JobScope implements AutoCloseable {
  private final Children children;
  private final Thread owner = Thread.currentThread();
  private final Context context;

  /** Closed with the scope; null without a context to watch. */
  private @Nullable Chan<Void> closed;

  private JobScope(Context context, @Nullable Manner manner) {
    this.context = context;
    children = new Children(manner);
  }

  /**
   * Opens a scope.
   *
   * @return the scope, to be closed by the same goroutine
   */
  public static JobScope open() {
    return new JobScope(Context.background(), null);
  }

  /**
   * Opens a scope whose jobs run in a class of their own, whatever the class of whoever forks them,
   * or by a deadline, which counts from each fork: {@code
   * JobScope.open(GoOptions.priority(Priority.LOW))}. Who joins runs them in place only if it is of
   * that class and there is no deadline; else it parks.
   *
   * @param jobs the class, deadline, name and labels; it must not shed
   * @return the scope, to be closed by the same goroutine
   * @throws IllegalArgumentException if it sheds: whoever forks relies on the job
   */
  public static JobScope open(GoOptions jobs) {
    return open(Context.background(), jobs);
  }

  /**
   * As {@link #open(Context)} and {@link #open(GoOptions)}.
   *
   * @param context ends the jobs, by its deadline too
   * @param jobs the class, deadline, name and labels; it must not shed
   * @return the scope, to be closed by the same goroutine
   * @throws IllegalArgumentException if it sheds
   */
  public static JobScope open(Context context, GoOptions jobs) {
    return opened(context, Manner.ofEach(jobs));
  }

  /**
   * Opens a scope whose jobs are cancelled when a context ends. Costs a goroutine while it is open.
   *
   * @param context ends the jobs, by its deadline too
   * @return the scope, to be closed by the same goroutine
   */
  public static JobScope open(Context context) {
    return opened(context, null);
  }

  private static JobScope opened(Context context, @Nullable Manner manner) {
    var scope = new JobScope(context, manner);
    if (context != Context.background()) {
      scope.watch();
    }
    return scope;
  }

  private void watch() {
    Chan<Void> end = Chan.make();
    closed = end;
    Scheduler.current()
        .go(
            () ->
                select(
                    context
                        .done()
                        .onRecv(
                            v -> {
                              children.cancel();
                              return true;
                            }),
                    end.onRecv(v -> true)));
  }

  private final class Work<T extends @Nullable Object> extends OwnedJob<T> {
    private @Nullable Callable<? extends T> work;

    Work(Callable<? extends T> work) {
      super(children);
      this.work = Objects.requireNonNull(work, "work");
    }

    @Override
    @SuppressWarnings("NullAway") // called once
    T compute() throws Exception {
      Callable<? extends T> w = work;
      work = null; // nothing that the job no longer needs is kept
      return w.call();
    }

    @Override
    public T join() throws InterruptedException {
      refuseClosed("join");
      return super.join();
    }
  }

  /**
   * Starts a job, as {@link Jobs#fork}. In a scope that was cancelled, or of which a job has
   * failed, it never begins and counts as cancelled.
   *
   * @param work what it does; may block
   * @param <T> type of the result
   * @return the job
   * @throws IllegalStateException if the scope is closed
   */
  public <T extends @Nullable Object> Job<T> fork(Callable<? extends T> work) {
    var job = new Work<T>(work);
    children.fork(job);
    return job;
  }

  /**
   * As {@link #fork}, without a result.
   *
   * @param body what it does; may block
   * @return the job
   * @throws IllegalStateException if the scope is closed
   */
  public Job<@Nullable Void> go(Body body) {
    Objects.requireNonNull(body, "body");
    return this.<@Nullable Void>fork(
        () -> {
          body.run();
          return null;
        });
  }

  /**
   * Waits until all jobs have ended, those too that are forked meanwhile. Runs unstarted ones in
   * place, the newest first, as {@link Job#join} does. May be called again.
   *
   * @throws InterruptedException if interrupted while parked, or if a job was: all are cancelled
   * @throws JobFailedException if a job failed: the first failure in time is the cause, others are
   *     suppressed. What was only cancelled is not among them
   * @throws CancellationException if the scope was cancelled, by its context for example
   * @throws IllegalStateException if the scope is closed, or the caller did not open it
   */
  public void join() throws InterruptedException {
    refuseOthers("join");
    refuseClosed("join");
    try {
      children.await();
    } catch (InterruptedException e) {
      children.cancel();
      throw e;
    }
    children.throwIfFailed();
    if (children.isCancelled()) {
      var e = new CancellationException("the scope was cancelled");
      e.initCause(context.cause());
      throw e;
    }
  }

  /**
   * Cancels all jobs of the scope, and those forked later: see {@link Job#cancel}. Does not wait.
   */
  public void cancel() {
    children.cancel();
  }

  /**
   * Whether the scope was cancelled, or a job of it has failed.
   *
   * @return true from then on
   */
  public boolean isCancelled() {
    return children.isCancelled();
  }

  /**
   * Cancels what has not ended and waits for its end, through interrupts, whose status is kept. A
   * second close does nothing.
   *
   * @throws IllegalStateException if the caller did not open the scope
   */
  @Override
  public void close() {
    refuseOthers("close");
    children.close();
    if (children.isBusy()) {
      children.cancel();
      children.awaitAll();
    }
    Chan<Void> end = closed;
    if (end != null) {
      closed = null;
      end.close();
    }
  }

  private void refuseClosed(String what) {
    if (children.isClosed()) {
      throw new IllegalStateException(what + ": expected an open scope, found a closed one");
    }
  }

  private void refuseOthers(String what) {
    Thread now = Thread.currentThread();
    if (now != owner) {
      throw new IllegalStateException(
          what + ": expected the goroutine that opened the scope, found " + now);
    }
  }
}
