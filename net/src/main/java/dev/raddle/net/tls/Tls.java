package dev.raddle.net.tls;

import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/** The functions of Go's package {@code crypto/tls}. */
public final class Tls {
  private Tls() {}

  /**
   * Connects, and shakes hands. Go: {@code tls.Dial}.
   *
   * @param network as for {@link Net#dial(String, String)}
   * @param address as for {@link Net#dial(String, String)}
   * @param config {@link TlsConfig#serverName} defaults to the address's host
   * @return the connection, its handshake done; the caller closes it
   * @throws IOException if the connection cannot be made; a {@link javax.net.ssl.SSLException} if
   *     the two sides do not agree, or the certificate is not to be believed
   */
  public static TlsConn dial(String network, String address, TlsConfig config) throws IOException {
    return dial(Context.background(), network, address, config);
  }

  /**
   * As {@link #dial(String, String, TlsConfig)}, as long as the context lasts. The connection
   * outlives it. Go: {@code tls.Dialer.DialContext}.
   *
   * @param context its end ends dial and handshake
   * @param network as there
   * @param address as there
   * @param config as there
   * @return the connection, its handshake done; the caller closes it
   * @throws IOException as there
   */
  public static TlsConn dial(Context context, String network, String address, TlsConfig config)
      throws IOException {
    HostPort to = network.equals("unix") ? new HostPort("", "") : HostPort.parse(address);
    Conn raw = Net.dial(context, network, address);
    boolean done = false;
    try {
      TlsConn conn = client(raw, config, to.host());
      conn.handshake(context);
      done = true;
      return conn;
    } finally {
      if (!done) {
        raw.close();
      }
    }
  }

  /**
   * Puts TLS on a connection, as a client. Go: {@code tls.Client}. The handshake is made by the
   * first read or write, or by {@link TlsConn#handshake()}.
   *
   * @param conn a connection on which nothing has been said yet; closed with the result
   * @param config says whose certificate is wanted
   * @param host whose certificate is wanted if the configuration does not say; a name or an address
   * @return the connection
   * @throws IllegalArgumentException if nobody says whose certificate is wanted, and it is not to
   *     be skipped
   */
  public static TlsConn client(Conn conn, TlsConfig config, String host) {
    String name = config.serverName().isEmpty() ? host : config.serverName();
    if (name.isEmpty() && !config.skipsVerify()) {
      throw new IllegalArgumentException(
          "tls: either serverName or insecureSkipVerify must be specified in the TlsConfig");
    }
    // A dot at the end is for the resolver; names in certificates have none.
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return new TlsConn(conn, config, config.client(plain, conn.remoteAddress().getPort()), plain);
  }

  /**
   * Puts TLS on a connection, as a server. Go: {@code tls.Server}. The handshake is made by the
   * first read or write, or by {@link TlsConn#handshake()}.
   *
   * @param conn a connection on which nothing has been said yet; closed with the result
   * @param config has a certificate
   * @return the connection
   */
  public static TlsConn server(Conn conn, TlsConfig config) {
    return new TlsConn(conn, config, config.server(), "");
  }

  /**
   * Listens. Go: {@code tls.Listen}. An accept does not wait for the handshake: the first read or
   * write of the connection makes it, so that a slow client holds up nobody.
   *
   * @param network as for {@link Net#listen}
   * @param address as for {@link Net#listen}
   * @param config has a certificate
   * @return the listener, whose connections are {@link TlsConn}s; the caller closes it
   * @throws IOException as {@link Net#listen}
   * @throws IllegalArgumentException if the configuration has no certificate
   */
  public static Listener listen(String network, String address, TlsConfig config)
      throws IOException {
    check(config);
    return new TlsListener(Net.listen(network, address), config);
  }

  /**
   * Puts TLS on what a listener accepts. Go: {@code tls.NewListener}.
   *
   * @param listener where connections come from; closed with the result
   * @param config has a certificate
   * @return the listener, whose connections are {@link TlsConn}s
   * @throws IllegalArgumentException if the configuration has no certificate
   */
  public static Listener newListener(Listener listener, TlsConfig config) {
    check(config);
    return new TlsListener(listener, config);
  }

  private static void check(TlsConfig config) {
    if (!config.hasCertificate()) {
      throw new IllegalArgumentException(
          "tls: expected a certificate, certificateSource or configSource in the TlsConfig, found none");
    }
  }

  /**
   * Reads certificates without keys, such as roots. Go: {@code x509.CertPool.AppendCertsFromPEM}.
   *
   * @param pem a text with one block CERTIFICATE or more; other blocks are skipped
   * @return the certificates in their order
   * @throws GeneralSecurityException if there is none, or one is malformed
   */
  public static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    return List.copyOf(Pem.certificates(pem));
  }
}
