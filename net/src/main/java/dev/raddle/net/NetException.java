package dev.raddle.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A network operation that failed: Go's {@code net.OpError}. The message starts with the operation
 * and the network, as in {@code listen tcp :8080: bind: address already in use}.
 */
public final class NetException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean closed;

  NetException(String message, @Nullable Throwable cause, boolean closed) {
    super(message, cause);
    this.closed = closed;
  }

  /**
   * Says whether the operation failed because its listener was closed: Go's {@code net.ErrClosed}.
   *
   * @return true if it was closed, and not broken
   */
  public boolean isClosed() {
    return closed;
  }

  static NetException failed(String operation, String reason, @Nullable Throwable cause) {
    return new NetException(operation + ": " + reason, cause, false);
  }

  static NetException closed(String operation, @Nullable Throwable cause) {
    return new NetException(operation + ": use of closed network connection", cause, true);
  }
}
