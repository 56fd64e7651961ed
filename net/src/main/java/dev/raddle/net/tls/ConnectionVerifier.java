package dev.raddle.net.tls;

import java.io.IOException;
import java.security.cert.CertificateException;

/** Has the last word on a connection: Go's {@code Config.VerifyConnection}. */
@FunctionalInterface
public interface ConnectionVerifier {
  /**
   * Judges what a handshake has agreed on, after the certificates have been verified as the
   * configuration wants it. Should not take long: the other side waits.
   *
   * @param state what was agreed on
   * @throws IOException if the connection is not to be used; the handshake fails with it
   * @throws CertificateException the same; it is the cause of what the handshake fails with
   */
  void verify(ConnectionState state) throws IOException, CertificateException;
}
