package dev.raddle.http;

import java.io.IOException;

/** A body is longer than {@link Http#maxBytesReader} allows: Go's {@code http.MaxBytesError}. */
public final class MaxBytesException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long limit;

  MaxBytesException(long limit) {
    super("http: request body too large");
    this.limit = limit;
  }

  /**
   * Returns what was allowed.
   *
   * @return in bytes
   */
  public long limit() {
    return limit;
  }
}
