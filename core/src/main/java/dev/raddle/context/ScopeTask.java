package dev.raddle.context;

import dev.raddle.internal.sched.Goexit;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One goroutine of a scope. Written by its thread; the state is set last. */
final class ScopeTask<T extends @Nullable Object> implements Scope.Task<T> {
  private final Scope scope;
  private @Nullable Callable<T> body;
  private @Nullable T result;
  private @Nullable Throwable failure;
  private volatile State state = State.RUNNING;

  ScopeTask(Scope scope, Callable<T> body) {
    this.scope = scope;
    this.body = body;
  }

  /** In place of {@link #run}. */
  void refuse() {
    body = null;
    end(State.CANCELED, scope.context().err());
  }

  void run() {
    Callable<T> b = body;
    body = null; // nothing that the goroutine no longer needs is kept
    if (b == null) {
      return;
    }
    Context ctx = scope.context();
    try {
      result = Current.<T, Exception>call(ctx, () -> ctx.<T, Exception>interrupting(b::call));
    } catch (Goexit e) {
      end(State.CANCELED, null);
      throw e;
    } catch (CancellationException | InterruptedException e) {
      end(ctx.err() == null ? State.FAILED : State.CANCELED, e);
      return;
    } catch (Throwable t) {
      end(State.FAILED, t);
      return;
    }
    end(State.SUCCEEDED, null);
  }

  private void end(State s, @Nullable Throwable t) {
    failure = t;
    state = s;
    switch (s) {
      case SUCCEEDED -> scope.succeeded();
      case CANCELED -> scope.canceled();
      default -> {
        if (t != null) {
          scope.failed(t);
        }
      }
    }
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  @SuppressWarnings("NullAway") // result is a T once it has succeeded
  public T get() {
    State s = state;
    if (s != State.SUCCEEDED) {
      throw new IllegalStateException(
          scope + ": expected a task that has succeeded, found one " + words(s), failure);
    }
    return result;
  }

  private static String words(State s) {
    return switch (s) {
      case RUNNING -> "that runs: join the scope first";
      case FAILED -> "that failed";
      default -> "that was cancelled";
    };
  }

  @Override
  public @Nullable Throwable failure() {
    return state == State.RUNNING ? null : failure;
  }

  @Override
  public String toString() {
    return "task " + state + " of " + scope;
  }
}
