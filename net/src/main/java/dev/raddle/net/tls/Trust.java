package dev.raddle.net.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates of the other side are believed. What verifies is the JDK's; this decides
 * whether it is asked, and with which roots.
 */
final class Trust extends X509ExtendedTrustManager {
  private final Roots servers;
  private final Roots clients;
  private final boolean skipsServers;
  private final ClientAuth clientAuth;
  private final Handshakes handshakes;

  Trust(
      @Nullable List<X509Certificate> serverRoots,
      @Nullable List<X509Certificate> clientRoots,
      boolean skipsServers,
      ClientAuth clientAuth,
      Handshakes handshakes) {
    servers = new Roots(serverRoots);
    clients = new Roots(clientRoots);
    this.skipsServers = skipsServers;
    this.clientAuth = clientAuth;
    this.handshakes = handshakes;
  }

  /** Roots, and the JDK's manager for them: made when it is needed, the system's take a while. */
  private static final class Roots {
    private final @Nullable List<X509Certificate> roots; // null: the system's
    private @Nullable X509ExtendedTrustManager manager; // guarded by this

    Roots(@Nullable List<X509Certificate> roots) {
      this.roots = roots;
    }

    synchronized X509ExtendedTrustManager manager() throws CertificateException {
      if (manager == null) {
        try {
          manager = make();
        } catch (GeneralSecurityException | IOException e) {
          throw new CertificateException("tls: the roots cannot be used: " + e.getMessage(), e);
        }
      }
      return manager;
    }

    private X509ExtendedTrustManager make() throws GeneralSecurityException, IOException {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      if (roots == null) {
        factory.init((KeyStore) null);
      } else {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < roots.size(); i++) {
          store.setCertificateEntry("root-" + i, roots.get(i));
        }
        factory.init(store);
      }
      for (TrustManager found : factory.getTrustManagers()) {
        if (found instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new GeneralSecurityException("expected a manager of X.509 certificates, found none");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    handshakes.markFull(engine);
    if (!skipsServers) {
      servers.manager().checkServerTrusted(chain, authType, engine);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    if (clientAuth.verifies()) {
      clients.manager().checkClientTrusted(chain, authType, engine);
    }
  }

  /** What a server tells its clients to choose by; none, if it takes any. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    List<X509Certificate> known = clients.roots;
    return known == null || !clientAuth.verifies()
        ? new X509Certificate[0]
        : known.toArray(X509Certificate[]::new);
  }

  // Sockets and callers without an engine do not come here.

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw engineExpected();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw engineExpected();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw engineExpected();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw engineExpected();
  }

  private static CertificateException engineExpected() {
    return new CertificateException("tls: expected an SSLEngine, found none");
  }
}
