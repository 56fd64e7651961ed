package dev.raddle;

import dev.raddle.internal.chan.Hchan;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One case of {@link Go#select}: made by {@link RecvChan#onRecv}, {@link RecvChan#onReceive},
 * {@link SendChan#onSend}, {@link Go#orElse} and {@link Go#after(java.time.Duration, OnChosen)}. A
 * {@code null} case is never ready, as a nil channel in Go.
 *
 * @param <R> what its body returns, and so what the select returns
 */
public abstract sealed class Case<R extends @Nullable Object>
    permits Case.Receiving, Case.Sending, Case.Otherwise {

  /**
   * What runs when a receive was chosen; it may block on channels.
   *
   * @param <T> type of the element
   * @param <R> type of the result
   */
  @FunctionalInterface
  public interface OnRecv<T extends @Nullable Object, R extends @Nullable Object> {
    /**
     * Runs after the receive.
     *
     * @param value what was received
     * @return the result of the select
     * @throws InterruptedException if the goroutine is interrupted
     */
    R apply(T value) throws InterruptedException;
  }

  /**
   * What runs when any other case was chosen; it may block on channels.
   *
   * @param <R> type of the result
   */
  @FunctionalInterface
  public interface OnChosen<R extends @Nullable Object> {
    /**
     * Runs after the choice.
     *
     * @return the result of the select
     * @throws InterruptedException if the goroutine is interrupted
     */
    R get() throws InterruptedException;
  }

  private Case() {}

  /** Found now, and not after an element was taken. */
  private static <B> B notNull(B body) {
    return Objects.requireNonNull(body, "case of nil func value");
  }

  /** Runs the body of the chosen case. */
  abstract R chosen(@Nullable Object elem, boolean ok) throws InterruptedException;

  /** Receives; for {@link RecvChan#onReceive} as it is, and for {@link RecvChan#onRecv}. */
  abstract static sealed class Receiving<R extends @Nullable Object> extends Case<R>
      permits OfRecv, OfValue {
    final @Nullable Hchan chan;

    private Receiving(@Nullable Hchan chan) {
      this.chan = chan;
    }

    final @Nullable Throwable cause() {
      return chan == null ? null : chan.cause();
    }
  }

  static final class OfRecv<T extends @Nullable Object, R extends @Nullable Object>
      extends Receiving<R> {
    private final OnRecv<Recv<T>, R> body;

    OfRecv(@Nullable Hchan chan, OnRecv<Recv<T>, R> body) {
      super(chan);
      this.body = notNull(body);
    }

    @Override
    @SuppressWarnings("unchecked") // only a Chan<T> makes the case
    R chosen(@Nullable Object elem, boolean ok) throws InterruptedException {
      return body.apply(new Recv<>((T) elem, ok, ok ? null : cause()));
    }
  }

  static final class OfValue<T extends @Nullable Object, R extends @Nullable Object>
      extends Receiving<R> {
    private final OnRecv<T, R> body;

    OfValue(@Nullable Hchan chan, OnRecv<T, R> body) {
      super(chan);
      this.body = notNull(body);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // only T comes; null may be one, or the zero value
    R chosen(@Nullable Object elem, boolean ok) throws InterruptedException {
      return body.apply(ok ? (T) elem : new Recv<T>(null, false, cause()).orFail());
    }
  }

  static final class Sending<R extends @Nullable Object> extends Case<R> {
    final @Nullable Hchan chan;
    final @Nullable Object elem;
    private final OnChosen<R> body;

    Sending(@Nullable Hchan chan, @Nullable Object elem, OnChosen<R> body) {
      this.chan = chan;
      this.elem = elem;
      this.body = notNull(body);
    }

    @Override
    R chosen(@Nullable Object ignored, boolean ok) throws InterruptedException {
      if (!ok) {
        throw new ChannelClosedException(
            "send on closed channel", chan == null ? null : chan.cause());
      }
      return body.get();
    }
  }

  /** The default ({@code Long.MIN_VALUE}) or a timeout. */
  static final class Otherwise<R extends @Nullable Object> extends Case<R> {
    final long timeoutNanos;
    private final OnChosen<R> body;

    Otherwise(long timeoutNanos, OnChosen<R> body) {
      this.timeoutNanos = timeoutNanos;
      this.body = notNull(body);
    }

    @Override
    R chosen(@Nullable Object ignored, boolean ok) throws InterruptedException {
      return body.get();
    }
  }
}
