package dev.raddle.net.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a handshake has agreed on: Go's {@code tls.ConnectionState}.
 *
 * @param version {@code TLSv1.3} or {@code TLSv1.2}
 * @param cipherSuite its standard name, for example {@code TLS_AES_256_GCM_SHA384}
 * @param negotiatedProtocol what ALPN agreed on, for example {@code h2}; empty if nothing
 * @param serverName the name that the client asked for; empty if it named none
 * @param didResume whether it goes on with the session of an earlier connection, without showing
 *     certificates again
 * @param peerCertificates the other side's chain, its own certificate first; empty if it showed
 *     none
 */
public record ConnectionState(
    String version,
    String cipherSuite,
    String negotiatedProtocol,
    String serverName,
    boolean didResume,
    List<X509Certificate> peerCertificates) {
  /** The list is fixed. */
  public ConnectionState {
    peerCertificates = List.copyOf(peerCertificates);
  }
}
