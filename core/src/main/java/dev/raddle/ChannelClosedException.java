package dev.raddle;

/**
 * A send on a closed channel, or a second close: a mistake of the caller, in Go a panic. The
 * message is Go's.
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
}
