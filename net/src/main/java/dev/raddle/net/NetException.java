package dev.raddle.net;

import dev.raddle.net.internal.SocketFault;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A network operation that failed: Go's {@code net.OpError}. The message starts with the operation
 * and the network, as in {@code listen tcp :8080: bind: address already in use}.
 */
public final class NetException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean closed;
  private final boolean timeout;

  private NetException(String message, @Nullable Throwable cause, boolean closed, boolean timeout) {
    super(message, cause);
    this.closed = closed;
    this.timeout = timeout;
  }

  /**
   * Says whether the operation failed because its listener or connection was closed, on this side:
   * Go's {@code net.ErrClosed}.
   *
   * @return true if it was closed, and not broken
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Says whether the operation failed because its deadline passed, or that of its context: Go's
   * {@code Timeout()}, {@code os.ErrDeadlineExceeded}. The connection is as it was, and usable
   * again once its deadline has been moved.
   *
   * @return true if it took too long
   */
  public boolean isTimeout() {
    return timeout;
  }

  static NetException failed(String operation, String reason, @Nullable Throwable cause) {
    return new NetException(operation + ": " + reason, cause, false, false);
  }

  static NetException closed(String operation, @Nullable Throwable cause) {
    return new NetException(operation + ": use of closed network connection", cause, true, false);
  }

  static NetException timedOut(String operation, @Nullable Throwable cause) {
    return new NetException(operation + ": i/o timeout", cause, false, true);
  }

  /**
   * In the words of the operation.
   *
   * @param step the system call, when Go names it
   */
  static IOException of(String operation, String step, SocketFault fault) {
    return switch (fault.kind()) {
      case CLOSED -> closed(operation, null);
      case TIMEOUT -> timedOut(operation, null);
      case INTERRUPTED -> new ClosedByInterruptException();
      case GIVEN, EXHAUSTED, OTHER ->
          failed(
              operation,
              step.isEmpty() ? fault.getMessage() + "" : step + ": " + fault.getMessage(),
              fault.getCause());
    };
  }
}
