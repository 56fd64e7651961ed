package dev.raddle.net.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken: Go's {@code tls.Config}. It never changes, and may serve any number of
 * connections, of servers and of clients; sessions are resumed among those of one configuration.
 */
public final class TlsConfig {
  private final TlsConfigBuilder settings; // a copy; nobody changes it
  private final EngineFactory engines;
  private final Handshakes handshakes = new Handshakes();

  TlsConfig(TlsConfigBuilder settings) {
    this.settings = settings;
    EngineSettings common =
        new EngineSettings(
            new KeyChoice(settings.certificates, settings.source, handshakes),
            new Trust(
                settings.roots,
                settings.clientRoots,
                settings.skipsVerify,
                settings.clientAuth,
                handshakes),
            settings.clientAuth,
            protocols(settings),
            settings.nextProtos,
            settings.skipsVerify);
    try {
      engines =
          settings.engines == null
              ? new JdkEngines(common, settings.provider)
              : settings.engines.open(common);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(
          settings.engines == null
              ? "tls: expected a provider of TLS, found none"
              : "tls: the engines cannot be made: " + e.getMessage(),
          e);
    }
  }

  private static List<String> protocols(TlsConfigBuilder settings) {
    List<String> versions = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      if (version.compareTo(settings.minVersion) >= 0
          && version.compareTo(settings.maxVersion) <= 0) {
        versions.add(version.protocol());
      }
    }
    return versions;
  }

  /**
   * Starts a description.
   *
   * @return a builder with Go's defaults
   */
  public static TlsConfigBuilder builder() {
    return new TlsConfigBuilder();
  }

  /**
   * Starts a description that has all of this one.
   *
   * @return a builder
   */
  public TlsConfigBuilder toBuilder() {
    return new TlsConfigBuilder(settings);
  }

  /**
   * Returns the protocols that ALPN offers.
   *
   * @return the preferred one first; cannot be changed
   */
  public List<String> nextProtos() {
    return settings.nextProtos;
  }

  /**
   * Returns whose certificate a client wants to see.
   *
   * @return a host; empty if the dial decides
   */
  public String serverName() {
    return settings.serverName;
  }

  /**
   * Says whether there is, or may be, a certificate to show.
   *
   * @return false if a server could not answer anybody
   */
  public boolean hasCertificate() {
    return settings.source != null
        || settings.configSource != null
        || !settings.certificates.isEmpty();
  }

  boolean skipsVerify() {
    return settings.skipsVerify;
  }

  /** Who chooses another one for a client; null for nobody. */
  @Nullable ConfigSource configSource() {
    return settings.configSource;
  }

  /** Lets the user judge. */
  void verify(ConnectionState state) throws IOException {
    ConnectionVerifier verifier = settings.verifier;
    if (verifier == null) {
      return;
    }
    try {
      verifier.verify(state);
    } catch (CertificateException e) {
      SSLException refused = new SSLPeerUnverifiedException("tls: " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  /** Whether a server has to read what a client says before its engine does. */
  boolean readsHello() {
    return settings.configSource != null
        || settings.source != null
        || settings.certificates.size() > 1;
  }

  Handshakes handshakes() {
    return handshakes;
  }

  SSLEngine server() {
    return engines.server();
  }

  /** For a server of that name; its port only tells sessions apart. */
  SSLEngine client(String name, int port) {
    return engines.client(name, port);
  }
}
