package dev.raddle;

import dev.raddle.internal.chan.Hchan;
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

  /** Runs the body of the chosen case. */
  abstract R chosen(@Nullable Object elem, boolean ok) throws InterruptedException;

  static final class Receiving<T extends @Nullable Object, R extends @Nullable Object>
      extends Case<R> {
    final @Nullable Hchan chan;
    private final OnRecv<Recv<T>, R> body;

    Receiving(@Nullable Hchan chan, OnRecv<Recv<T>, R> body) {
      this.chan = chan;
      this.body = body;
    }

    @Override
    @SuppressWarnings("unchecked") // only a Chan<T> makes the case
    R chosen(@Nullable Object elem, boolean ok) throws InterruptedException {
      return body.apply(new Recv<>((T) elem, ok, ok || chan == null ? null : chan.cause()));
    }
  }

  static final class Sending<R extends @Nullable Object> extends Case<R> {
    final @Nullable Hchan chan;
    final @Nullable Object elem;
    private final OnChosen<R> body;

    Sending(@Nullable Hchan chan, @Nullable Object elem, OnChosen<R> body) {
      this.chan = chan;
      this.elem = elem;
      this.body = body;
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
      this.body = body;
    }

    @Override
    R chosen(@Nullable Object ignored, boolean ok) throws InterruptedException {
      return body.get();
    }
  }
}
