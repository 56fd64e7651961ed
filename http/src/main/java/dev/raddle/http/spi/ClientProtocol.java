package dev.raddle.http.spi;

/**
 * A protocol that a client can speak beside HTTP/1, with many requests at once on a connection.
 * Found by {@link java.util.ServiceLoader}.
 */
public interface ClientProtocol {
  /**
   * Returns the name in ALPN, by which it is offered to servers over TLS.
   *
   * @return for example {@code h2}
   */
  String alpn();

  /**
   * Takes a connection over, and begins to read from it. Does not block.
   *
   * @param link the connection, of which nothing has been read or written
   * @return what sends requests over it
   */
  ClientSession open(ClientLink link);
}
