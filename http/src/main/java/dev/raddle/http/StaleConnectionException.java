package dev.raddle.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection failed before the first byte of a response. */
final class StaleConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean unwritten;

  StaleConnectionException(String message, @Nullable Throwable cause, boolean unwritten) {
    super(message, cause);
    this.unwritten = unwritten;
  }

  /** Whether no byte of the request went out. */
  boolean isUnwritten() {
    return unwritten;
  }
}
