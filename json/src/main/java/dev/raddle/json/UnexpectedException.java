package dev.raddle.json;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON that is malformed, or is not what was asked for. */
final class UnexpectedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String text;

  UnexpectedException(String text) {
    this(text, null);
  }

  UnexpectedException(String text, @Nullable Throwable cause) {
    super(text, cause);
    this.text = text;
  }

  /** What was expected and what was found, for who sent it. */
  String text() {
    return text;
  }
}
