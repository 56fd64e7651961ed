package dev.raddle.http;

/**
 * A body is longer than {@link Http#maxBytesReader} allows: Go's {@code http.MaxBytesError}. A
 * handler that lets it pass through answers 413.
 */
public final class MaxBytesException extends StatusException {
  private static final long serialVersionUID = 1L;

  private final long limit;

  MaxBytesException(long limit) {
    super(Http.STATUS_REQUEST_ENTITY_TOO_LARGE, "http: request body too large");
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
