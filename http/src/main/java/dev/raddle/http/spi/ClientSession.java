package dev.raddle.http.spi;

import org.jspecify.annotations.Nullable;

/** A connection over which many requests are sent at once. Its methods do not block. */
public interface ClientSession {
  /**
   * Makes room for one request.
   *
   * @return for that request; null if as many are there as the server allows, or if there will be
   *     no more
   */
  @Nullable ClientStream tryOpen();

  /**
   * Says whether there may be further requests.
   *
   * @return false once the connection has ended or comes to its end
   */
  boolean isUsable();

  /**
   * Returns how many requests there are, those included that have not been sent yet.
   *
   * @return 0 if the connection is idle
   */
  int streams();

  /** Ends the connection if it is idle; it takes no more requests then. */
  void closeIfIdle();
}
