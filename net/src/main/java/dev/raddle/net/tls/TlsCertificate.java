package dev.raddle.net.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A certificate, its chain and its private key: Go's {@code tls.Certificate}. It never changes, and
 * shows nothing of the key.
 */
public final class TlsCertificate {
  private static final int DNS_NAME = 2; // RFC 5280, GeneralName
  private static final int IP_ADDRESS = 7;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final String alias = "certificate-" + NUMBERS.incrementAndGet();
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final Set<String> names;

  private TlsCertificate(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException {
    this.chain = List.copyOf(chain);
    this.key = key;
    if (!PrivateKeys.match(key, leaf().getPublicKey())) {
      throw new InvalidKeyException(
          "tls: private key does not match public key of " + leaf().getSubjectX500Principal());
    }
    names = names(leaf());
  }

  /**
   * Reads a certificate from two PEM files. Go: {@code tls.LoadX509KeyPair}. Blocks the caller
   * while it reads.
   *
   * @param certFile the certificate, followed by those that vouch for it
   * @param keyFile the private key, in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC), without a password; may
   *     be the same file
   * @return the certificate
   * @throws IOException if a file cannot be read
   * @throws GeneralSecurityException if it holds no such thing, or the key is another one's
   */
  public static TlsCertificate load(Path certFile, Path keyFile)
      throws IOException, GeneralSecurityException {
    return parse(Files.readString(certFile), Files.readString(keyFile));
  }

  /**
   * Reads a certificate from two PEM texts. Go: {@code tls.X509KeyPair}.
   *
   * @param certPem as the file of {@link #load}
   * @param keyPem as the file of {@link #load}
   * @return the certificate
   * @throws GeneralSecurityException if it holds no such thing, or the key is another one's
   */
  public static TlsCertificate parse(String certPem, String keyPem)
      throws GeneralSecurityException {
    return new TlsCertificate(Pem.certificates(certPem), PrivateKeys.parse(keyPem));
  }

  /**
   * Reads a certificate from a PKCS#12 file: the first entry that has a private key.
   *
   * @param file the key store
   * @param password of store and key
   * @return the certificate
   * @throws IOException if the file cannot be read, or the password is wrong
   * @throws GeneralSecurityException if there is no such entry
   */
  public static TlsCertificate loadPkcs12(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    for (String entry : Collections.list(store.aliases())) {
      if (store.getKey(entry, password) instanceof PrivateKey key) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : store.getCertificateChain(entry)) {
          chain.add((X509Certificate) certificate);
        }
        return new TlsCertificate(chain, key);
      }
    }
    throw new KeyStoreException("tls: expected an entry with a private key, found none: " + file);
  }

  /**
   * Returns the chain.
   *
   * @return the certificate itself first; cannot be changed
   */
  public List<X509Certificate> chain() {
    return chain;
  }

  /**
   * Returns the certificate itself. Go: {@code Leaf}.
   *
   * @return the first one of the chain
   */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /**
   * Says whether this certificate is for a host. A star stands for one label, the leftmost.
   *
   * @param serverName a host, without a port
   * @return true if one of its names is this one
   */
  public boolean supports(String serverName) {
    String name = serverName.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
  }

  String alias() {
    return alias;
  }

  PrivateKey key() {
    return key;
  }

  private static Set<String> names(X509Certificate leaf) throws CertificateParsingException {
    Set<String> names = new HashSet<>();
    Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> name : alternatives) {
        Integer kind = (Integer) name.get(0);
        if (kind != null && (kind == DNS_NAME || kind == IP_ADDRESS)) {
          names.add(ascii(String.valueOf(name.get(1))));
        }
      }
    }
    return names;
  }

  private static String ascii(String name) {
    try {
      return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return name.toLowerCase(Locale.ROOT);
    }
  }

  /** Whose it is, never the key. */
  @Override
  public String toString() {
    return "certificate of " + leaf().getSubjectX500Principal() + " " + names;
  }
}
