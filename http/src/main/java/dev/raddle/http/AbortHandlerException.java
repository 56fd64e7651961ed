package dev.raddle.http;

/**
 * Thrown by a handler to drop the connection without a word in the log: Go's {@code
 * http.ErrAbortHandler}. The client sees that the response is cut short.
 */
public final class AbortHandlerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one, without a stack trace. */
  public AbortHandlerException() {
    super("net/http: abort Handler", null, false, false);
  }
}
