package dev.raddle.http;

import org.jspecify.annotations.Nullable;

/**
 * A form or query that cannot be read. A handler that lets it pass through answers 400, or 413 if
 * the form is too large, as any handler of Go's would write by hand.
 */
public final class FormException extends StatusException {
  private static final long serialVersionUID = 1L;

  FormException(String message, @Nullable Throwable cause) {
    super(Http.STATUS_BAD_REQUEST, message, cause);
  }

  /** A form beyond a limit. */
  FormException(String message) {
    super(Http.STATUS_REQUEST_ENTITY_TOO_LARGE, message);
  }
}
