package dev.raddle.sync;

import dev.raddle.internal.sched.WaitReason;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does something once, whoever comes first; the others wait until it is done. Go's {@code
 * sync.Once}, {@code OnceFunc} and {@code OnceValue}. What is done happens-before the return of
 * every call. After the first time a call is one volatile read.
 *
 * <p>Something that calls the same once inside waits for itself for ever, as in Go.
 *
 * @see <a href="https://pkg.go.dev/sync#Once">Go: sync.Once</a>
 */
public final class Once {
  private final Mutex mutex = new Mutex();
  private volatile boolean done;

  /** Makes one that has done nothing. */
  public Once() {}

  /**
   * Runs {@code what} if this is the first call on this object. (Go's Do.)
   *
   * @param what if it throws, the caller gets that, and it counts as done: later calls return
   */
  public void run(Runnable what) {
    Objects.requireNonNull(what, "Once of nil func value");
    if (done) {
      return;
    }
    mutex.lock(WaitReason.ONCE);
    try {
      if (!done) {
        try {
          what.run();
        } finally {
          done = true;
        }
      }
    } finally {
      mutex.unlock();
    }
  }

  @Override
  public String toString() {
    return "Once "
        + (done ? "done" : mutex.isLocked() ? "running" : "not done")
        + " waiting="
        + mutex.waiting();
  }

  /**
   * A function that runs {@code what} once. If that throws, every call throws the same.
   *
   * @param what what to do; not referenced any more once it is done
   * @return the function, for any goroutine
   */
  public static Runnable onceFunc(Runnable what) {
    Objects.requireNonNull(what, "onceFunc of nil func value");
    Supplier<@Nullable Void> value =
        onceValue(
            () -> {
              what.run();
              return null;
            });
    return value::get;
  }

  /**
   * A function that makes a value once, and gives it in every call. If making it throws, every call
   * throws the same.
   *
   * @param make makes the value; not referenced any more once it has returned
   * @param <T> type of the value
   * @return the function, for any goroutine
   */
  public static <T extends @Nullable Object> Supplier<T> onceValue(Supplier<T> make) {
    return new Value<>(Objects.requireNonNull(make, "onceValue of nil func value"));
  }

  private static final class Value<T extends @Nullable Object> implements Supplier<T> {
    private final Once once = new Once();
    private @Nullable Supplier<T> make;
    private @Nullable T value;
    private @Nullable Throwable failure;

    Value(Supplier<T> make) {
      this.make = make;
    }

    private void make() {
      Supplier<T> how = Objects.requireNonNull(make);
      make = null;
      try {
        value = how.get();
      } catch (Throwable t) {
        failure = t;
      }
    }

    @Override
    @SuppressWarnings("NullAway") // null only if T may be
    public T get() {
      once.run(this::make);
      switch (failure) {
        case null -> {}
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable t -> throw new IllegalStateException(t); // thrown past the compiler
      }
      return value;
    }
  }
}
