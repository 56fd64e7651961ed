package dev.raddle.http;

/** Where a connection of a server is in its life: Go's {@code http.ConnState}. */
public enum ConnState {
  /** Accepted; nothing has been read yet. Becomes ACTIVE or CLOSED. */
  NEW,
  /** Bytes of a request have been read. Becomes IDLE, HIJACKED or CLOSED. */
  ACTIVE,
  /** The response has been sent, the next request is awaited. Becomes ACTIVE or CLOSED. */
  IDLE,
  /** Taken over by a handler. The server has nothing more to do with it. */
  HIJACKED,
  /** Closed. The last one. */
  CLOSED;

  /** In Go's words: {@code new}, {@code active}, {@code idle}, {@code hijacked}, {@code closed}. */
  @Override
  public String toString() {
    return switch (this) {
      case NEW -> "new";
      case ACTIVE -> "active";
      case IDLE -> "idle";
      case HIJACKED -> "hijacked";
      case CLOSED -> "closed";
    };
  }
}
