package dev.raddle.http.spi;

import dev.raddle.net.Conn;

/** A client's connection as a {@link ClientSession} sees it, which closes it in the end. */
public interface ClientLink {
  /**
   * Returns the connection, after the handshake if there is one.
   *
   * @return the session's own
   */
  Conn conn();

  /**
   * Returns how long the head of a response may be.
   *
   * @return in bytes
   */
  int maxHeaderBytes();

  /**
   * Returns after which silence the server is asked whether it is there.
   *
   * @return in nanoseconds; 0: it is not asked
   */
  long sendPingNanos();

  /**
   * Returns how long it may take to answer that.
   *
   * @return in nanoseconds
   */
  long pingNanos();

  /**
   * What {@link ClientSession#isUsable}, {@link ClientSession#streams} or {@link
   * ClientSession#tryOpen} say may have changed. Called on any thread, without a lock of the
   * session's.
   */
  void changed();
}
