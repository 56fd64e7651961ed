package dev.raddle.http.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request got no answer, and may be sent once more over another connection. */
public final class UnansweredException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Whether it can be told that nobody has looked at the request. */
  private final boolean unprocessed;

  /**
   * Makes one.
   *
   * @param message what has happened
   * @param unprocessed whether the server has certainly not begun to handle the request, so that it
   *     may be sent again whatever its method
   * @param cause null if there is none
   */
  public UnansweredException(String message, boolean unprocessed, @Nullable Throwable cause) {
    super(message, cause);
    this.unprocessed = unprocessed;
  }

  /**
   * Says whether the server has certainly not begun to handle the request.
   *
   * @return false if the connection broke, and nobody knows
   */
  public boolean isUnprocessed() {
    return unprocessed;
  }
}
