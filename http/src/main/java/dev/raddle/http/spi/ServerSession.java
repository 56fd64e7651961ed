package dev.raddle.http.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A protocol at work on one connection. */
public interface ServerSession {
  /**
   * Serves the connection until it ends, on the calling goroutine. The server closes it then.
   *
   * @param first the request by which a client of HTTP/1 has asked for the protocol; null if it has
   *     begun with the protocol itself
   * @throws IOException if the connection breaks; nobody is left to tell
   */
  void serve(@Nullable UpgradeRequest first) throws IOException;

  /**
   * Takes no new requests, and ends when those that are there have been answered. From any thread;
   * does not block; a second call does nothing.
   */
  void shutDown();

  /**
   * As {@link #shutDown}, but ends at once if no request is there: the time that {@link ServerLink}
   * was told to watch has passed.
   */
  void expire();
}
