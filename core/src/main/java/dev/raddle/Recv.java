package dev.raddle;

import org.jspecify.annotations.Nullable;

/**
 * What a receive led to: Go's {@code v, ok := <-ch}, and why the channel was closed.
 *
 * @param value the element; null when {@code ok} is false
 * @param ok whether an element was received; false when the channel is closed and drained
 * @param cause what {@link SendChan#close(Throwable)} was given; null for a plain close and when
 *     {@code ok} is true
 * @param <T> type of the elements
 */
public record Recv<T extends @Nullable Object>(
    @Nullable T value, boolean ok, @Nullable Throwable cause) {
  /**
   * What Go knows: without a cause.
   *
   * @param value the element
   * @param ok whether there was one
   */
  public Recv(@Nullable T value, boolean ok) {
    this(value, ok, null);
  }

  /** The value, Go's zero value after a plain close; fails after one with a cause. */
  @SuppressWarnings("NullAway") // null stands for Go's zero value
  T orFail() {
    if (cause != null) {
      throw new ChannelClosedException("receive on closed channel", cause);
    }
    return value;
  }
}
