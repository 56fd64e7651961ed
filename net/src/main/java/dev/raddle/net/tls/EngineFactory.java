package dev.raddle.net.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLEngine;

/**
 * Makes the engines of one configuration; see {@link TlsConfigBuilder#engines}. Any number of
 * goroutines use one.
 */
public interface EngineFactory {
  /**
   * Makes the engine of a connection that was accepted.
   *
   * @return in server mode; nothing has been said yet
   */
  SSLEngine server();

  /**
   * Makes the engine of a connection that was dialed.
   *
   * @param name whose certificate is wanted, a name or an address; empty if anybody's
   * @param port of the other side; it tells sessions apart
   * @return in client mode; nothing has been said yet
   */
  SSLEngine client(String name, int port);

  /** An implementation of TLS. */
  @FunctionalInterface
  interface Source {
    /**
     * Prepares what the connections of a configuration have in common.
     *
     * @param settings what was configured
     * @return the engines of that configuration
     * @throws IOException if it cannot be spoken so
     * @throws GeneralSecurityException if it cannot be spoken so
     */
    EngineFactory open(EngineSettings settings) throws IOException, GeneralSecurityException;
  }
}
