package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import java.io.IOException;

/** Connects a {@link Transport} to a server: Go's {@code Transport.DialContext}. */
@FunctionalInterface
public interface Dialer {
  /**
   * Connects. Blocks the goroutine of the request.
   *
   * @param context the request's; when it ends, so should the dial
   * @param address host and port
   * @return the connection; the transport closes it
   * @throws IOException if it cannot be made; the request fails with it
   */
  Conn dial(Context context, String address) throws IOException;
}
