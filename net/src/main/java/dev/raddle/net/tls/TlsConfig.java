package dev.raddle.net.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * How TLS is spoken: Go's {@code tls.Config}. It never changes, and may serve any number of
 * connections, of servers and of clients; sessions are resumed among those of one configuration.
 */
public final class TlsConfig {
  private final TlsConfigBuilder settings; // a copy; nobody changes it
  private final SSLContext context;

  TlsConfig(TlsConfigBuilder settings) {
    this.settings = settings;
    try {
      context =
          settings.provider == null
              ? SSLContext.getInstance("TLS")
              : SSLContext.getInstance("TLS", settings.provider);
      context.init(
          new KeyManager[] {new KeyChoice(settings.certificates, settings.source)},
          new TrustManager[] {
            new Trust(
                settings.roots, settings.clientRoots, settings.skipsVerify, settings.clientAuth)
          },
          null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("tls: expected a provider of TLS, found none", e);
    }
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
   * Says whether there is a certificate to show.
   *
   * @return false if a server could not answer anybody
   */
  public boolean hasCertificate() {
    return settings.source != null || !settings.certificates.isEmpty();
  }

  boolean skipsVerify() {
    return settings.skipsVerify;
  }

  SSLEngine server() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    parameters.setUseCipherSuitesOrder(true);
    if (settings.clientAuth.requires()) {
      parameters.setNeedClientAuth(true);
    } else if (settings.clientAuth != ClientAuth.NO_CLIENT_CERT) {
      parameters.setWantClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** For a server of that name; its port only tells sessions apart. */
  SSLEngine client(String name, int port) {
    SSLEngine engine = context.createSSLEngine(name, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    if (!isAddress(name)) {
      try {
        parameters.setServerNames(List.of(new SNIHostName(name)));
      } catch (IllegalArgumentException e) {
        parameters.setServerNames(List.of()); // not a name of the DNS: nothing is asked for
      }
    }
    if (!settings.skipsVerify) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    List<String> versions = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      if (version.compareTo(settings.minVersion) >= 0
          && version.compareTo(settings.maxVersion) <= 0) {
        versions.add(version.protocol());
      }
    }
    parameters.setProtocols(versions.toArray(String[]::new));
    parameters.setApplicationProtocols(settings.nextProtos.toArray(String[]::new));
    return parameters;
  }

  private static boolean isAddress(String name) {
    return name.isEmpty()
        || name.indexOf(':') >= 0
        || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }
}
