package dev.raddle;

import org.jspecify.annotations.Nullable;

/**
 * A send on a closed channel, or a second close: a mistake of the caller, in Go a panic. The
 * message is Go's. Of a channel that was closed with a cause ({@link SendChan#close(Throwable)}),
 * it is that cause's bearer, and receives fail with it, too.
 */
public final class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param message Go's words
   */
  public ChannelClosedException(String message) {
    super(message);
  }

  /**
   * Makes one.
   *
   * @param message Go's words
   * @param cause why the channel was closed; null for none
   */
  public ChannelClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
