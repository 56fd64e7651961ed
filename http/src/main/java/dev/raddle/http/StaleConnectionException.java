package dev.raddle.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection failed before the first byte of a response. */
final class StaleConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  StaleConnectionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
