package dev.raddle.http.spi;

/** A protocol that a server can speak beside HTTP/1. Found by {@link java.util.ServiceLoader}. */
public interface ServerProtocol {
  /**
   * Returns the name in ALPN: clients that agree on it over TLS get this protocol.
   *
   * @return for example {@code h2}
   */
  String alpn();

  /**
   * Returns what a client begins with that speaks the protocol without TLS and without asking.
   *
   * @return bytes that are no beginning of an HTTP/1 request
   */
  byte[] preface();

  /**
   * Returns what a client without TLS asks for by the header Upgrade.
   *
   * @return for example {@code h2c}
   */
  String upgradeToken();

  /**
   * Returns the header that such a request must have, once.
   *
   * @return for example {@code HTTP2-Settings}
   */
  String upgradeHeader();

  /**
   * Takes a connection over. Does not block.
   *
   * @param link the connection, of which nothing has been read, not even the preface
   * @return what serves it
   */
  ServerSession open(ServerLink link);
}
