package dev.raddle.net.tls;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What an implementation of TLS has to know of a {@link TlsConfig}.
 *
 * @param keyManager chooses what is shown, by an engine's handshake session
 * @param trustManager judges what the other side shows, by its engine
 * @param clientAuth what a server asks a client for
 * @param protocols the versions to speak, in the JDK's words, such as {@code TLSv1.3}
 * @param nextProtos for ALPN, the preferred one first; none: no ALPN
 * @param skipsVerify whether a client takes any certificate
 */
public record EngineSettings(
    X509ExtendedKeyManager keyManager,
    X509ExtendedTrustManager trustManager,
    ClientAuth clientAuth,
    List<String> protocols,
    List<String> nextProtos,
    boolean skipsVerify) {
  /** The lists are fixed. */
  public EngineSettings {
    protocols = List.copyOf(protocols);
    nextProtos = List.copyOf(nextProtos);
  }

  /**
   * Sets in a client's parameters whom it asks for and what it checks.
   *
   * @param parameters of an engine
   * @param name as in {@link EngineFactory#client}
   */
  public void expect(SSLParameters parameters, String name) {
    if (!isAddress(name)) {
      try {
        parameters.setServerNames(List.of(new SNIHostName(name)));
      } catch (IllegalArgumentException e) {
        parameters.setServerNames(List.of()); // not a name of the DNS: nothing is asked for
      }
    }
    if (!skipsVerify) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
  }

  private static boolean isAddress(String name) {
    return name.isEmpty()
        || name.indexOf(':') >= 0
        || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }
}
