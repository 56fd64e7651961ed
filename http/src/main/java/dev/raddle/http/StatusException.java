package dev.raddle.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused with a status. A handler that lets it pass, and has written nothing, is
 * answered for with that status and the message in plain text; nothing is logged, and the
 * connection is kept. After the handler has begun to write it counts as any other exception. Go has
 * nothing like it: its handlers write the error themselves, as can ours with {@link Http#error}.
 *
 * <pre>{@code
 * mux.handle("GET /users/{id}", (w, r) -> {
 *   User user = users.get(r.pathValue("id"));
 *   if (user == null) {
 *     throw new StatusException(404, "no such user");
 *   }
 *   ...
 * });
 * }</pre>
 */
public class StatusException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Makes one.
   *
   * @param status 400 to 599
   * @param message what the client is told
   * @throws IllegalArgumentException if the status says no error
   */
  public StatusException(int status, String message) {
    this(status, message, null);
  }

  /**
   * Makes one with a cause, of which the client is told nothing.
   *
   * @param status 400 to 599
   * @param message what the client is told
   * @param cause for whoever catches it; null for none
   * @throws IllegalArgumentException if the status says no error
   */
  public StatusException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "StatusException: expected a status from 400 to 599, found " + status);
    }
    this.status = status;
  }

  /**
   * Returns the status.
   *
   * @return 400 to 599
   */
  public final int status() {
    return status;
  }
}
