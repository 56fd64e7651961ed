package dev.raddle.net.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Chooses how a server speaks with a client: Go's {@code Config.GetConfigForClient}. */
@FunctionalInterface
public interface ConfigSource {
  /**
   * Chooses, once for each connection and before anything is answered. Should not take long: the
   * client waits.
   *
   * @param hello who asks, and what it can do
   * @return the configuration for this connection, all of it; its own source of configurations is
   *     not asked. Made once and kept: one that is made for each client resumes no sessions. Null
   *     for the one that asks
   * @throws IOException if the client is not to be served; the handshake fails with it
   */
  @Nullable TlsConfig get(ClientHelloInfo hello) throws IOException;
}
