package dev.raddle.net.tls;

import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link TlsConfig}: the fields of Go's {@code tls.Config}. Not for use by several
 * threads at once.
 */
public final class TlsConfigBuilder {
  List<TlsCertificate> certificates = List.of();
  @Nullable CertificateSource source;
  @Nullable ConfigSource configSource;
  @Nullable ConnectionVerifier verifier;
  @Nullable List<X509Certificate> roots;
  @Nullable List<X509Certificate> clientRoots;
  ClientAuth clientAuth = ClientAuth.NO_CLIENT_CERT;
  List<String> nextProtos = List.of();
  String serverName = "";
  boolean skipsVerify;
  TlsVersion minVersion = TlsVersion.TLS_1_2;
  TlsVersion maxVersion = TlsVersion.TLS_1_3;
  @Nullable Provider provider;
  EngineFactory.@Nullable Source engines;

  TlsConfigBuilder() {}

  TlsConfigBuilder(TlsConfigBuilder other) {
    certificates = other.certificates;
    source = other.source;
    configSource = other.configSource;
    verifier = other.verifier;
    roots = other.roots;
    clientRoots = other.clientRoots;
    clientAuth = other.clientAuth;
    nextProtos = other.nextProtos;
    serverName = other.serverName;
    skipsVerify = other.skipsVerify;
    minVersion = other.minVersion;
    maxVersion = other.maxVersion;
    provider = other.provider;
    engines = other.engines;
  }

  /**
   * Adds a certificate to show. A server shows the first one that is for the name that the client
   * asks for and whose kind of key it knows; if none is for that name, the first one. A client
   * shows the first one that the server would take.
   *
   * @param certificate which
   * @return this builder
   */
  public TlsConfigBuilder certificate(TlsCertificate certificate) {
    List<TlsCertificate> more = new ArrayList<>(certificates);
    more.add(certificate);
    certificates = List.copyOf(more);
    return this;
  }

  /**
   * Sets what a server asks for a certificate before it looks at its own, for each client anew: for
   * certificates that change ({@link CertificateFiles}) or are very many. Go: {@code
   * GetCertificate}.
   *
   * @param newSource who is asked
   * @return this builder
   */
  public TlsConfigBuilder certificateSource(CertificateSource newSource) {
    source = newSource;
    return this;
  }

  /**
   * Sets what a server asks for a configuration when it knows what the client wants, before it
   * answers: for names with roots, clients or protocols of their own. Go: {@code
   * GetConfigForClient}.
   *
   * @param newSource who is asked
   * @return this builder
   */
  public TlsConfigBuilder configSource(ConfigSource newSource) {
    configSource = newSource;
    return this;
  }

  /**
   * Sets who judges every connection at the end of its handshake, of servers and clients, also of
   * one that resumes a session, and whatever {@link #insecureSkipVerify} and {@link #clientAuth}
   * say. No data has gone either way then. The other side of one that is refused has done its part
   * and sees the end of the connection, not an alert. Go: {@code VerifyConnection}.
   *
   * @param newVerifier who judges
   * @return this builder
   */
  public TlsConfigBuilder verifyConnection(ConnectionVerifier newVerifier) {
    verifier = newVerifier;
    return this;
  }

  /**
   * Sets who may vouch for a server. Go: {@code RootCAs}.
   *
   * @param certificates instead of the JDK's roots; see {@link Tls#certificates}
   * @return this builder
   */
  public TlsConfigBuilder rootCas(List<X509Certificate> certificates) {
    roots = List.copyOf(certificates);
    return this;
  }

  /**
   * Sets who may vouch for a client. Go: {@code ClientCAs}.
   *
   * @param certificates instead of the JDK's roots; see {@link Tls#certificates}
   * @return this builder
   */
  public TlsConfigBuilder clientCas(List<X509Certificate> certificates) {
    clientRoots = List.copyOf(certificates);
    return this;
  }

  /**
   * Sets what a server wants to know about a client.
   *
   * @param newClientAuth the default is nothing
   * @return this builder
   */
  public TlsConfigBuilder clientAuth(ClientAuth newClientAuth) {
    clientAuth = newClientAuth;
    return this;
  }

  /**
   * Sets the protocols for ALPN. If both sides name some and none in common, the handshake fails.
   *
   * @param protocols the preferred one first, for example {@code h2} and {@code http/1.1}; none: no
   *     ALPN
   * @return this builder
   */
  public TlsConfigBuilder nextProtos(String... protocols) {
    nextProtos = List.of(protocols);
    return this;
  }

  /**
   * Sets whose certificate a client wants to see, and asks for by SNI.
   *
   * @param host a name or an address; empty, the default: the host that is dialed
   * @return this builder
   */
  public TlsConfigBuilder serverName(String host) {
    serverName = host;
    return this;
  }

  /**
   * Lets a client take any certificate for any name. Whoever is between can then read and change
   * everything: for tests only.
   *
   * @return this builder
   */
  public TlsConfigBuilder insecureSkipVerify() {
    skipsVerify = true;
    return this;
  }

  /**
   * Sets the oldest version that is spoken.
   *
   * @param version the default is TLS 1.2
   * @return this builder
   */
  public TlsConfigBuilder minVersion(TlsVersion version) {
    minVersion = version;
    return this;
  }

  /**
   * Sets the newest version that is spoken.
   *
   * @param version the default is TLS 1.3
   * @return this builder
   */
  public TlsConfigBuilder maxVersion(TlsVersion version) {
    maxVersion = version;
    return this;
  }

  /**
   * Sets whose implementation of {@code SSLContext.TLS} is used, for example Conscrypt's.
   *
   * @param newProvider the default is the JDK's first one
   * @return this builder
   */
  public TlsConfigBuilder provider(Provider newProvider) {
    provider = newProvider;
    return this;
  }

  /**
   * Sets an implementation of TLS that is no JCA provider, such as BoringSSL of {@code
   * raddle-boringssl}. The {@link #provider} does not count then.
   *
   * @param newEngines makes the engines of all connections
   * @return this builder
   */
  public TlsConfigBuilder engines(EngineFactory.Source newEngines) {
    engines = newEngines;
    return this;
  }

  /**
   * Makes the configuration.
   *
   * @return the configuration
   * @throws IllegalArgumentException if no version is left
   * @throws IllegalStateException if the provider has no TLS, or the engines cannot be made
   */
  public TlsConfig build() {
    if (minVersion.compareTo(maxVersion) > 0) {
      throw new IllegalArgumentException(
          "tls: expected versions, found none from " + minVersion + " to " + maxVersion);
    }
    return new TlsConfig(new TlsConfigBuilder(this));
  }
}
