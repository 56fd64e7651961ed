package dev.raddle.context;

import dev.raddle.CancelToken;
import dev.raddle.RecvChan;
import dev.raddle.internal.util.Clock;
import dev.raddle.runtime.Body;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries a deadline, cancellation and values from a caller to all the goroutines that work for it:
 * Go's {@code context.Context}. Pass it as the first parameter, named {@code ctx}. Whoever holds a
 * context can only watch it; who derives one gets a {@link CancelContext}, which can be ended.
 *
 * <p>When a context ends, all that were derived from it have ended when the call that ended it
 * returns. Any thread may use a context, any number at the same time; only bodies that are passed
 * in block.
 *
 * <p>A program may have contexts of its own: what is derived from them ends with them. If {@link
 * #done} is that of a context of ours, all is as with that one. Any other costs a goroutine for
 * each context derived from it, which ends with that one and for which its scheduler's close waits,
 * unless it has an {@link #afterFunc} of its own.
 *
 * @see <a href="https://pkg.go.dev/context">Go: package context</a>
 */
public interface Context extends CancelToken {
  /**
   * The root of all contexts: never ends, no deadline, no values.
   *
   * @return always the same
   */
  static Context background() {
    return EmptyCtx.BACKGROUND;
  }

  /**
   * As {@link #background}, for a place where it is not clear yet which context to use.
   *
   * @return always the same
   */
  static Context todo() {
    return EmptyCtx.TODO;
  }

  /**
   * The context that the caller runs in: that of the innermost {@link #run}, {@link #call} or
   * {@link Scope} around it. A goroutine starts in the context that its maker was in at {@code go};
   * the body of a timer starts in none. It is for code that cannot be given a context, such as
   * logging or a library's callback; where a parameter is possible, pass the context.
   *
   * @return {@link #background} outside of them all
   */
  static Context current() {
    return Current.get();
  }

  /**
   * When the work should stop, by the time of day.
   *
   * @return null for never; always the same
   */
  @Nullable Instant deadline();

  /**
   * Closed when this context ends. In a select: {@code ctx.done().onRecv(..)}.
   *
   * @return always the same channel; the nil channel if this context never ends
   */
  @Override
  RecvChan<Void> done();

  /**
   * Whether and why the context ended.
   *
   * @return null until {@link #done} is closed; from then on always the same. It has no stack
   *     trace: to throw something, call {@link #check}
   */
  @Nullable CanceledException err();

  /**
   * The value that this context or the nearest one above it has for a key.
   *
   * @param key by identity
   * @param <T> type of the value
   * @return null if there is none
   */
  <T> @Nullable T value(Key<T> key);

  /**
   * Why the context ended: what its canceller, or that of a context above it, gave as the reason;
   * else {@link #err}. The first to end it decides.
   *
   * @return null while the context has not ended
   */
  default @Nullable Throwable cause() {
    return Contexts.cause(this);
  }

  /**
   * The time left until the deadline.
   *
   * @return zero or negative when it has passed; null when there is none
   */
  default @Nullable Duration remaining() {
    Instant d = deadline();
    return d == null ? null : Duration.between(Clock.wallClock(), d);
  }

  /**
   * Throws if the context has ended. For loops that wait for nothing.
   *
   * @throws CanceledException a {@link DeadlineExceededException} if the deadline passed; its cause
   *     is {@link #cause}
   */
  @Override
  default void check() {
    CanceledException e = err();
    if (e != null) {
      throw e.here(cause());
    }
  }

  /**
   * A context that ends when it is cancelled or this one ends.
   *
   * @return the context, to be closed
   */
  default CancelContext withCancel() {
    return CancelCtx.of(this);
  }

  /**
   * As {@link #withCancel}: here every {@link CancelContext} takes a reason.
   *
   * @return the context, to be closed
   */
  default CancelContext withCancelCause() {
    return CancelCtx.of(this);
  }

  /**
   * A context that ends after that time, when it is cancelled, or when this one ends. The clock may
   * be set meanwhile.
   *
   * @param timeout zero or negative: it has ended already. An earlier deadline of this context
   *     counts
   * @return the context, to be closed; until then its timer keeps it
   */
  default CancelContext withTimeout(Duration timeout) {
    return DeadlineCtx.of(this, Deadline.in(timeout), null);
  }

  /**
   * As {@link #withTimeout}, with a reason for the case that the time passes.
   *
   * @param timeout as there
   * @param cause what {@link #cause} then returns
   * @return the context, to be closed
   */
  default CancelContext withTimeoutCause(Duration timeout, @Nullable Throwable cause) {
    return DeadlineCtx.of(this, Deadline.in(timeout), cause);
  }

  /**
   * A context that ends at that time of day, when it is cancelled, or when this one ends. The time
   * until then is taken now: a clock that is set later moves nothing.
   *
   * @param deadline in the past: it has ended already. An earlier one of this context counts
   * @return the context, to be closed; until then its timer keeps it
   */
  default CancelContext withDeadline(Instant deadline) {
    return DeadlineCtx.of(this, Deadline.at(deadline), null);
  }

  /**
   * As {@link #withDeadline}, with a reason for the case that the time passes.
   *
   * @param deadline as there
   * @param cause what {@link #cause} then returns
   * @return the context, to be closed
   */
  default CancelContext withDeadlineCause(Instant deadline, @Nullable Throwable cause) {
    return DeadlineCtx.of(this, Deadline.at(deadline), cause);
  }

  /**
   * A context with a value, for what belongs to a request and crosses interfaces, such as who asks
   * for it; not for optional parameters.
   *
   * @param key of the value
   * @param value null hides a value from above
   * @param <T> type of the value
   * @return the context; it ends with this one
   */
  default <T> Context withValue(Key<T> key, @Nullable T value) {
    return new ValueCtx(this, Objects.requireNonNull(key, "nil key"), value);
  }

  /**
   * A context with the values of this one that does not end with it: no deadline, never done.
   *
   * @return the context
   */
  default Context withoutCancel() {
    return new WithoutCancelCtx(this);
  }

  /**
   * Runs a body once, in a goroutine of its own, after this context has ended; at once if it has
   * ended already. It runs on the current goroutine's scheduler (elsewhere the default one; that
   * one too if the other has closed) and in the context that is {@link #current} now.
   *
   * @param body what it runs; a throwable that leaves it is treated as in {@code go}
   * @return takes the call back
   */
  default Stop afterFunc(Body body) {
    return Contexts.afterFunc(this, body);
  }

  /**
   * Runs a body with this context as {@link #current}.
   *
   * @param body what it runs, on the calling thread
   * @param <X> what it throws
   * @throws X what it threw
   */
  default <X extends Throwable> void run(Action<X> body) throws X {
    Current.<@Nullable Object, X>call(
        this,
        () -> {
          body.run();
          return null;
        });
  }

  /**
   * As {@link #run}, with a result.
   *
   * @param body what it runs, on the calling thread
   * @param <R> what it returns
   * @param <X> what it throws
   * @return what it returned
   * @throws X what it threw
   */
  default <R extends @Nullable Object, X extends Throwable> R call(
      ScopedValue.CallableOp<? extends R, X> body) throws X {
    return Current.call(this, body);
  }

  /**
   * Runs a body whose thread is interrupted when this context ends: for calls that know interrupts
   * but no contexts, such as JDBC, sockets or {@code Thread.sleep}. The interrupt comes at most
   * once, and never after the return: what of it is left is cleared. Blocks may be nested, also
   * with different contexts.
   *
   * <p>The interrupt is one bit: if somebody else interrupts the thread in a block whose context
   * ended, that is not told apart from ours.
   *
   * @param body what it runs, on the calling thread
   * @param <R> what it returns
   * @param <X> what it throws
   * @return what it returned, also if the context ended meanwhile
   * @throws CanceledException if the context had ended before: then the body did not run. Also in
   *     place of an exception that left the body after our interrupt; that one is the cause
   * @throws InterruptedException if the thread was interrupted before: then the body did not run
   * @throws X what it threw
   */
  default <R extends @Nullable Object, X extends Throwable> R interrupting(
      ScopedValue.CallableOp<? extends R, X> body) throws X, InterruptedException {
    return new Interrupting(this).call(body);
  }

  /**
   * As {@link #interrupting(ScopedValue.CallableOp)}, without a result.
   *
   * @param body what it runs, on the calling thread
   * @param <X> what it throws
   * @throws CanceledException as there
   * @throws InterruptedException as there
   * @throws X what it threw
   */
  default <X extends Throwable> void interrupting(Action<X> body) throws X, InterruptedException {
    new Interrupting(this)
        .<@Nullable Object, X>call(
            () -> {
              body.run();
              return null;
            });
  }

  /**
   * Names a value. Keep it in a private constant, and offer typed access to the value.
   *
   * @param <T> type of the value
   */
  @SuppressWarnings("UnusedTypeParameter") // it types what the key leads to
  final class Key<T> {
    private final String name;

    private Key(String name) {
      this.name = name;
    }

    /**
     * Makes a key that equals no other.
     *
     * @param name for people
     * @param <T> type of the value
     * @return the key
     */
    public static <T> Key<T> of(String name) {
      return new Key<>(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Takes an {@link #afterFunc} back. */
  @FunctionalInterface
  interface Stop extends AutoCloseable {
    /**
     * Prevents the call if it has not started. Does not wait for one that has.
     *
     * @return whether this call prevented it: false when it has started or was stopped before
     */
    boolean stop();

    /** As {@link #stop}, for try-with-resources: Go's {@code defer stop()}. */
    @Override
    default void close() {
      stop();
    }
  }

  /**
   * Something to run.
   *
   * @param <X> what it throws
   */
  @FunctionalInterface
  interface Action<X extends Throwable> {
    /**
     * Runs once.
     *
     * @throws X what it likes
     */
    void run() throws X;
  }
}
