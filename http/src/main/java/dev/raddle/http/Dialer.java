package dev.raddle.http;

import dev.raddle.net.Conn;
import java.io.IOException;

/** Connects a {@link Transport} to a server. */
@FunctionalInterface
public interface Dialer {
  /**
   * Connects.
   *
   * @param address host and port
   * @return the connection; the transport closes it
   * @throws IOException if it cannot be made; the request fails with it
   */
  Conn dial(String address) throws IOException;
}
