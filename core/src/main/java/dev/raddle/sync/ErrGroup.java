package dev.raddle.sync;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.runtime.Body;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines that work on one task: the first that fails cancels the context of all, and its
 * exception comes back from {@link #await}. Go's {@code errgroup.Group}; unlike there, a failure is
 * any throwable, and later ones are attached to the first as suppressed.
 */
public final class ErrGroup {
  private final CancelContext context;
  private final WaitGroup group = new WaitGroup();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  private ErrGroup(CancelContext context) {
    this.context = context;
  }

  /**
   * What a goroutine of the group does, with the group's context.
   *
   * @see #go(Task)
   */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs once.
     *
     * @param ctx ends when one of the group fails, when {@link #await} returns, or with its parent
     * @throws Exception fails the group
     */
    void run(Context ctx) throws Exception;
  }

  /**
   * Makes a group whose context is derived from another.
   *
   * @param parent the other
   * @return the group
   */
  public static ErrGroup withContext(Context parent) {
    return new ErrGroup(parent.withCancel());
  }

  /**
   * The context that the first failure cancels.
   *
   * @return the context
   */
  public Context context() {
    return context;
  }

  /**
   * Starts a goroutine of the group.
   *
   * @param task gets the group's context
   */
  public void go(Task task) {
    group.go(
        () -> {
          try {
            task.run(context);
          } catch (Exception | AssertionError e) {
            fail(e);
          }
        });
  }

  /**
   * Starts a goroutine of the group.
   *
   * @param body what it runs
   */
  public void go(Body body) {
    go(ctx -> body.run());
  }

  private void fail(Throwable t) {
    if (first.compareAndSet(null, t)) {
      context.cancel(t);
    } else {
      Throwable f = first.get();
      if (f != null && f != t) {
        f.addSuppressed(t);
      }
    }
  }

  /**
   * Waits until every goroutine of the group has ended, then cancels the context.
   *
   * @throws InterruptedException if interrupted while waiting; the context is cancelled
   * @throws Exception the first failure
   */
  public void await() throws Exception {
    try {
      group.await();
    } finally {
      context.cancel();
    }
    switch (first.get()) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
  }
}
