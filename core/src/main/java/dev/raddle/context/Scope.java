package dev.raddle.context;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Scheduler;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines that do not outlive a block. What Go does by convention, with a WaitGroup, a context
 * and care, is here the only way out:
 *
 * <pre>{@code
 * try (var s = Scope.open(ctx)) {
 *   var user = s.go(() -> find(id));
 *   var orders = s.go(() -> orders(id));
 *   s.join(); // throws the first failure, after the other was cancelled and has ended
 *   return page(user.get(), orders.get());
 * }
 * }</pre>
 *
 * <p><b>Cancellation.</b> The goroutines run in {@link #context}, which ends with the one that the
 * scope was opened in, by {@link #cancel}, at the timeout, by the {@link ScopeOptions.Policy}, and
 * when the scope is closed. They are then interrupted, too, so that those end that wait in a
 * channel or in a call of the JDK; one that heeds neither makes {@code join} and {@code close}
 * wait.
 *
 * <p><b>Threads.</b> {@code join} and {@code close} belong to the thread that opened the scope;
 * goroutines of the scope, and others, may start more in it until it is closed.
 *
 * <p><b>Nesting.</b> A scope that is opened in the context of another is part of it: the outer one
 * waits for the goroutines of the inner one, too, however that was left.
 */
public final class Scope implements AutoCloseable {
  /** Leads to the innermost scope. */
  static final Context.Key<Scope> SELF = Context.Key.of("scope");

  private final @Nullable String name;
  private final ScopeOptions.Policy policy;
  private final Thread owner = Thread.currentThread();
  private final @Nullable Scope outer;
  private final CancelContext cancel;
  private final Context context;
  private final Tally running = new Tally();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
  private volatile boolean succeeded;
  private volatile boolean canceled; // one that was started or refused did not get to its end
  private volatile boolean unjoined;

  private Scope(Context parent, ScopeOptions options) {
    name = options.name();
    policy = options.policy();
    outer = parent.value(SELF);
    var timeout = options.timeout();
    cancel = timeout == null ? parent.withCancel() : parent.withTimeout(timeout);
    context = cancel.withValue(SELF, this);
  }

  /**
   * Opens a scope in the current context.
   *
   * @return the scope, to be closed by this thread
   */
  public static Scope open() {
    return open(Context.current());
  }

  /**
   * Opens a scope.
   *
   * @param parent when it ends, the scope is cancelled
   * @return the scope, to be closed by this thread
   */
  public static Scope open(Context parent) {
    return open(parent, ScopeOptions.none());
  }

  /**
   * Opens a scope.
   *
   * @param parent when it ends, the scope is cancelled
   * @param options how it behaves
   * @return the scope, to be closed by this thread
   */
  public static Scope open(Context parent, ScopeOptions options) {
    return new Scope(Objects.requireNonNull(parent, "parent"), options);
  }

  /**
   * The context of the scope's goroutines, where it is the current one.
   *
   * @return the context
   */
  public Context context() {
    return context;
  }

  /**
   * Starts a goroutine of the scope, on the current scheduler. If the scope has been cancelled it
   * does not run.
   *
   * @param body what it runs; what it throws is a failure, unless the scope was cancelled and it
   *     ends by that
   * @param <T> its result
   * @return tells what came of it
   * @throws IllegalStateException if the scope or one around it is closed
   */
  public <T extends @Nullable Object> Task<T> go(Callable<T> body) {
    return start(GoOptions.none(), body);
  }

  /**
   * As {@link #go(Callable)}, without a result.
   *
   * @param body what it runs
   * @return tells what came of it
   * @throws IllegalStateException if the scope or one around it is closed
   */
  public Task<@Nullable Void> go(Body body) {
    return go(GoOptions.none(), body);
  }

  /**
   * As {@link #go(Callable)}, with options.
   *
   * @param options how; without a name it is called after the scope
   * @param body what it runs
   * @param <T> its result
   * @return tells what came of it
   * @throws IllegalStateException if the scope or one around it is closed
   */
  public <T extends @Nullable Object> Task<T> go(GoOptions options, Callable<T> body) {
    return start(options, body);
  }

  /**
   * As {@link #go(Body)}, with options.
   *
   * @param options how; without a name it is called after the scope
   * @param body what it runs
   * @return tells what came of it
   * @throws IllegalStateException if the scope or one around it is closed
   */
  public Task<@Nullable Void> go(GoOptions options, Body body) {
    Objects.requireNonNull(body, "go of nil func value");
    return this.<@Nullable Void>start(
        options,
        () -> {
          body.run();
          return null;
        });
  }

  private <T extends @Nullable Object> Task<T> start(GoOptions options, Callable<T> body) {
    var task = new ScopeTask<T>(this, Objects.requireNonNull(body, "go of nil func value"));
    enter();
    boolean left = true;
    try {
      unjoined = true;
      if (context.err() != null) {
        task.refuse();
      } else {
        Scheduler.current().go(named(options), task::run, this::leave);
        left = false;
      }
    } finally {
      if (left) {
        leave();
      }
    }
    return task;
  }

  private GoOptions named(GoOptions options) {
    int n = started.incrementAndGet();
    return name == null || options.name() != null ? options : options.withName(name + "/" + n);
  }

  private void enter() {
    for (Scope s = this; s != null; s = s.outer) {
      if (!s.running.enter()) {
        for (Scope entered = this; entered != null && entered != s; entered = entered.outer) {
          entered.running.leave();
        }
        throw new IllegalStateException(
            this + ": go after close" + (s == this ? "" : " of the scope around it, " + s));
      }
    }
  }

  private void leave() {
    for (Scope s = this; s != null; s = s.outer) {
      s.running.leave();
    }
  }

  // ---- what became of a task ----

  void succeeded() {
    succeeded = true;
    if (policy == ScopeOptions.Policy.CANCEL_ON_SUCCESS) {
      cancel.cancel();
    }
  }

  void canceled() {
    canceled = true;
  }

  void failed(Throwable t) {
    if (policy == ScopeOptions.Policy.CANCEL_NEVER) {
      return;
    }
    Throwable f = first.compareAndExchange(null, t);
    if (f != null && f != t) {
      f.addSuppressed(t);
    } else if (policy == ScopeOptions.Policy.CANCEL_ON_FAILURE) {
      cancel.cancel(t);
    }
  }

  /**
   * Cancels the scope: its context ends and its goroutines are interrupted. Does not wait. Any
   * thread may call it.
   */
  public void cancel() {
    cancel.cancel();
  }

  /**
   * As {@link #cancel()}, with a reason.
   *
   * @param cause what the context's {@code cause} returns; null for none
   */
  public void cancel(@Nullable Throwable cause) {
    cancel.cancel(cause);
  }

  /**
   * Waits until every goroutine of the scope has ended. More may be started after it; then join
   * again.
   *
   * @throws InterruptedException if interrupted while waiting; the goroutines go on
   * @throws CanceledException if the scope was cancelled, though by no failure, and a goroutine did
   *     not get to its end; a {@link DeadlineExceededException} if the time was up
   * @throws Exception the first failure, as it was thrown (under {@code CANCEL_ON_SUCCESS} only if
   *     nothing succeeded, under {@code CANCEL_NEVER} none); later ones are attached as suppressed
   * @throws WrongThreadException if another thread opened the scope
   */
  public void join() throws Exception {
    own("join");
    try {
      running.await(WaitReason.SCOPE);
    } finally {
      unjoined = false; // also if interrupted: the join was not forgotten
    }
    if (policy == ScopeOptions.Policy.CANCEL_ON_SUCCESS && succeeded) {
      return;
    }
    switch (first.get()) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
    if (canceled) {
      context.check();
    }
  }

  /**
   * Cancels what still runs, and waits until every goroutine of the scope has ended. Closing again
   * does nothing. An interrupt does not shorten the wait; its status is kept.
   *
   * @throws IllegalStateException if goroutines were started and then neither cancelled nor was a
   *     join tried, as their failures would be lost; they have ended all the same
   * @throws WrongThreadException if another thread opened the scope
   */
  @Override
  public void close() {
    own("close");
    boolean lost = unjoined && context.err() == null;
    unjoined = false;
    running.close();
    cancel.cancel();
    boolean interrupted = false;
    while (true) {
      try {
        running.await(WaitReason.SCOPE);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (lost) {
      throw new IllegalStateException(
          this + ": expected join or cancel between go and close, found neither");
    }
  }

  private void own(String what) {
    if (Thread.currentThread() != owner) {
      throw new WrongThreadException(
          this + ": " + what + " by " + Thread.currentThread() + ", which did not open it");
    }
  }

  @Override
  public String toString() {
    return "scope" + (name == null ? "" : " \"" + name + "\"") + " running=" + running.count();
  }

  /**
   * A goroutine of a scope, as a result.
   *
   * @param <T> type of the result
   */
  public sealed interface Task<T extends @Nullable Object> permits ScopeTask {
    /** What a task has come to. */
    enum State {
      /** It has not ended. */
      RUNNING,
      /** It has a result. */
      SUCCEEDED,
      /** It threw something. */
      FAILED,
      /** It ended, or never started, because the scope was cancelled; or it called goexit. */
      CANCELED
    }

    /**
     * What it has come to.
     *
     * @return the state
     */
    State state();

    /**
     * The result. Does not wait: join the scope first.
     *
     * @return what the body returned
     * @throws IllegalStateException if it has not succeeded; the failure is its cause
     */
    T get();

    /**
     * What the body threw.
     *
     * @return null while it runs and when it succeeded
     */
    @Nullable Throwable failure();
  }
}
