package dev.raddle.net.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/*
 * Which certificate is shown.
 *
 * A handshake asks for one kind of key after the other: chooseEngine...Alias(kind), and, if there
 * is one, getPrivateKey(alias) and getCertificateChain(alias) right after it on the same thread,
 * with nothing between that waits. So the memory of what was chosen need only be as long as there
 * are threads; it lets go of certificates that were made for one client.
 */
final class KeyChoice extends X509ExtendedKeyManager {
  private static final int CHOSEN = 1024; // far more than threads that run goroutines

  private final List<TlsCertificate> certificates;
  private final @Nullable CertificateSource source;
  private final Handshakes handshakes;
  private final Map<String, TlsCertificate> chosen = // guarded by itself
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TlsCertificate> eldest) {
          return size() > CHOSEN;
        }
      };

  KeyChoice(
      List<TlsCertificate> certificates,
      @Nullable CertificateSource source,
      Handshakes handshakes) {
    this.certificates = certificates;
    this.source = source;
    this.handshakes = handshakes;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    SSLSession session = engine.getHandshakeSession();
    String name = session == null ? handshakes.serverName(engine) : serverName(session);
    if (session != null) { // else it is about a ticket
      handshakes.markFull(engine);
    }
    if (source != null) {
      TlsCertificate given = source.get(new ClientHello(name, keyType));
      if (given != null) {
        return isOf(given, keyType) ? remember(given) : null;
      }
    }
    boolean named = false;
    for (TlsCertificate certificate : certificates) {
      if (!name.isEmpty() && certificate.supports(name)) {
        if (isOf(certificate, keyType)) {
          return remember(certificate);
        }
        named = true; // there is one for the name, with another kind of key
      }
    }
    return named ? null : firstOf(keyType);
  }

  /** For a name that none is for, the first one, as in Go; the client decides. */
  private @Nullable String firstOf(String keyType) {
    for (TlsCertificate certificate : certificates) {
      if (isOf(certificate, keyType)) {
        return remember(certificate);
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    for (TlsCertificate certificate : certificates) {
      for (String keyType : keyTypes) {
        if (isOf(certificate, keyType) && isIssuedBy(certificate, issuers)) {
          return remember(certificate);
        }
      }
    }
    return null;
  }

  private static boolean isOf(TlsCertificate certificate, String keyType) {
    int underscore = keyType.indexOf('_');
    String kind = underscore < 0 ? keyType : keyType.substring(0, underscore);
    return certificate.key().getAlgorithm().equals(kind);
  }

  private static boolean isIssuedBy(TlsCertificate certificate, Principal @Nullable [] issuers) {
    if (issuers == null || issuers.length == 0) {
      return true;
    }
    List<Principal> wanted = Arrays.asList(issuers);
    for (X509Certificate link : certificate.chain()) {
      if (wanted.contains(link.getIssuerX500Principal())) {
        return true;
      }
    }
    return false;
  }

  /** The name that a client asked for, in lower case; empty if none. */
  static String serverName(@Nullable Object session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return "";
  }

  private String remember(TlsCertificate certificate) {
    synchronized (chosen) {
      chosen.remove(certificate.alias()); // to the end of the line
      chosen.put(certificate.alias(), certificate);
    }
    return certificate.alias();
  }

  private @Nullable TlsCertificate recall(String alias) {
    synchronized (chosen) {
      return chosen.get(alias);
    }
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    TlsCertificate certificate = recall(alias);
    return certificate == null ? null : certificate.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    TlsCertificate certificate = recall(alias);
    return certificate == null ? null : certificate.key();
  }

  // Sockets do not come here, and nobody asks for a list.

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
