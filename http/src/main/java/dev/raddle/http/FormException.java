package dev.raddle.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A form or query that cannot be read. A handler that lets it pass through answers 400, as any
 * handler of Go's would write by hand.
 */
public final class FormException extends IOException {
  private static final long serialVersionUID = 1L;

  FormException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
