package dev.raddle.net.tls;

import org.jspecify.annotations.Nullable;

/** Chooses a certificate when a client comes: Go's {@code Config.GetCertificate}. */
@FunctionalInterface
public interface CertificateSource {
  /**
   * Chooses. May be asked several times in one handshake, once for each kind of key; a certificate
   * whose key is of another kind is passed over. Should not take long: the client waits.
   *
   * @param hello who asks
   * @return the certificate; null for those of the configuration
   */
  @Nullable TlsCertificate get(ClientHello hello);
}
