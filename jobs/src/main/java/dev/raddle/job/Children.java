package dev.raddle.job;

import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/*
 * The jobs that an owner sees end: what is common to scopes, loops, graphs and pipelines.
 *
 * Roles      Any thread adds while the owner is open. The owner waits. A job tells of its failure before
 *            others see its end, and takes itself out after that: who has waited sees every end.
 * Shape      A list of those that have not ended, the newest first. What has ended is let go.
 * Cancelling The flag is set under the lock, so a job is either in the list when the jobs are told, or
 *            is refused by add().
 * Locking    The monitor is a leaf: no job is run, told or queued under it.
 */
final class Children {
  private @Nullable OwnedJob<?> newest; // guarded by this
  private boolean closed; // guarded by this
  private volatile boolean cancelled; // written under this
  private @Nullable Throwable first; // guarded by this
  private final List<Throwable> later = new ArrayList<>(0); // guarded by this
  private final List<Waiter> waiters = new ArrayList<>(1); // guarded by this

  private final Runnable onCancel;
  private final @Nullable Manner manner;

  Children() {
    this(() -> {}, null);
  }

  /** Runs {@code onCancel} once, when the jobs have been told to end. */
  Children(Runnable onCancel) {
    this(onCancel, null);
  }

  /** Whose jobs run in that manner; null: as their forkers do. */
  Children(@Nullable Manner manner) {
    this(() -> {}, manner);
  }

  private Children(Runnable onCancel, @Nullable Manner manner) {
    this.onCancel = onCancel;
    this.manner = manner;
  }

  /** Whether it says in which class its jobs run. */
  boolean hasClass() {
    return manner != null;
  }

  private final class Empty extends Waiter {
    @Override
    protected boolean withdraw() {
      synchronized (Children.this) {
        return waiters.remove(this);
      }
    }
  }

  /** No job is begun any more. */
  boolean isCancelled() {
    return cancelled;
  }

  /**
   * Adds a job; false if it must not begin.
   *
   * @throws IllegalStateException if closed
   */
  synchronized boolean add(OwnedJob<?> job) {
    if (closed) {
      throw new IllegalStateException("fork: expected an open scope, found a closed one");
    }
    if (cancelled) {
      return false;
    }
    OwnedJob<?> older = newest;
    job.older = older;
    if (older != null) {
      older.newer = job;
    }
    newest = job;
    return true;
  }

  /** Adds a job and queues it. Once cancelled, the job is cancelled at once. */
  void fork(OwnedJob<?> job) {
    if (manner != null) {
      manner.giveTo(job);
    }
    if (!add(job)) {
      job.cancel();
      return;
    }
    boolean queued = false;
    try {
      Sched.fork(job);
      queued = true;
    } finally {
      if (!queued) {
        job.cancel();
      }
    }
  }

  /** A job has ended, and says so. */
  void ended(OwnedJob<?> job) {
    List<Waiter> told;
    synchronized (this) {
      unlink(job);
      told = takeWaitersIfEmpty();
    }
    told.forEach(Waiter::ready);
  }

  private void unlink(OwnedJob<?> job) {
    OwnedJob<?> older = job.older;
    OwnedJob<?> newer = job.newer;
    if (newer != null) {
      newer.older = older;
    } else if (newest == job) {
      newest = older;
    }
    if (older != null) {
      older.newer = newer;
    }
    job.older = null;
    job.newer = null;
  }

  private List<Waiter> takeWaitersIfEmpty() {
    if (newest != null || waiters.isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<>(waiters);
    waiters.clear();
    return all;
  }

  /** A job is about to end with that. */
  void failed(OwnedJob<?> job, Throwable failure) {
    synchronized (this) {
      note(failure);
    }
    cancel(job);
  }

  /** A failure that no job reports. */
  void failed(Throwable failure) {
    synchronized (this) {
      note(failure);
    }
    cancel();
  }

  private void note(Throwable failure) {
    if (failure == Halt.INSTANCE) {
      return; // the failure that it follows is noted already
    }
    if (first == null) {
      first = failure;
    } else if (failure != first) {
      later.add(failure);
    }
  }

  /** Cancels all jobs, and those to come. */
  void cancel() {
    cancel(null);
  }

  private void cancel(@Nullable OwnedJob<?> except) {
    List<OwnedJob<?>> all = new ArrayList<>();
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      for (OwnedJob<?> j = newest; j != null; j = j.older) {
        if (j != except) {
          all.add(j);
        }
      }
    }
    all.forEach(OwnedJob::cancel);
    onCancel.run();
  }

  /**
   * Waits until every job has ended. Runs them in place while the newest has not been claimed.
   *
   * @throws InterruptedException if interrupted while parked
   */
  void await() throws InterruptedException {
    boolean mayRun = true;
    for (; ; ) {
      OwnedJob<?> job;
      Waiter waiter = null;
      synchronized (this) {
        job = newest;
        if (job == null) {
          return;
        }
        if (!mayRun || !job.isNew()) {
          waiter = new Empty();
          waiters.add(waiter);
        }
      }
      if (waiter != null) {
        waiter.await(WaitReason.JOIN);
        mayRun = true;
      } else {
        mayRun = job.runInPlace() || !job.isNew();
      }
    }
  }

  /** As {@link #await}, through interrupts, whose status is kept. */
  void awaitAll() {
    boolean interrupted = false;
    for (; ; ) {
      try {
        await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a part of the work; its failure, which is noted, ends the caller's part too. */
  static <T extends @Nullable Object> T joinOrHalt(OwnedJob<T> part)
      throws InterruptedException, Halt {
    try {
      return part.join();
    } catch (JobFailedException | CancellationException e) {
      throw Halt.INSTANCE;
    }
  }

  /**
   * The end of work that its caller waits for: nothing of it runs any more afterwards.
   *
   * @throws InterruptedException if interrupted: all jobs are cancelled
   * @throws JobFailedException as {@link #throwIfFailed}
   */
  void complete() throws InterruptedException {
    try {
      await();
    } catch (InterruptedException e) {
      cancel();
      awaitAll();
      throw e;
    }
    throwIfFailed();
  }

  /** Refuses further jobs. */
  synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Whether there are jobs that have not ended. */
  synchronized boolean isBusy() {
    return newest != null;
  }

  /**
   * Throws if a job failed.
   *
   * @throws InterruptedException if the first failure is one
   * @throws JobFailedException with the first failure as the cause, the others suppressed
   */
  void throwIfFailed() throws InterruptedException {
    Throwable cause;
    List<Throwable> others;
    synchronized (this) {
      cause = first;
      others = List.copyOf(later);
    }
    if (cause == null) {
      return;
    }
    Exception e =
        cause instanceof InterruptedException
            ? (InterruptedException) new InterruptedException().initCause(cause)
            : new JobFailedException(cause);
    others.forEach(e::addSuppressed);
    if (e instanceof InterruptedException i) {
      throw i;
    }
    throw (JobFailedException) e;
  }
}
