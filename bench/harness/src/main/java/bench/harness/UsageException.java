package bench.harness;

import org.jspecify.annotations.Nullable;

/** The user asked for what there is not; the message is all that he is told. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
