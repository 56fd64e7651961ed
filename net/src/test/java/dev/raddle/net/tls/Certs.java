package dev.raddle.net.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Certificates of a certificate authority of our own, made once by the JDK's keytool. */
final class Certs {
  private static final char[] PASSWORD = "changeit".toCharArray();

  static final Path STORE = make();
  static final List<X509Certificate> ROOT = List.of(chain("ca").getLast());

  /** EC, for localhost and 127.0.0.1. */
  static final TlsCertificate LOCAL = certificate("local");

  /** RSA, for b.test and anything directly below wild.test. */
  static final TlsCertificate OTHER = certificate("other");

  /** EC, a client's. */
  static final TlsCertificate CLIENT = certificate("client");

  /** Of nobody whom we know. */
  static final TlsCertificate STRANGER = certificate("stranger");

  private Certs() {}

  private static Path make() {
    try {
      Path store = Files.createTempDirectory("raddle-tls").resolve("store.p12");
      String ca = "-ext bc:c=ca:true -dname CN=Root";
      keytool(store, "ca", "-keyalg EC " + ca);
      keytool(
          store, "local", "-keyalg EC -signer ca -dname CN=L -ext san=dns:localhost,ip:127.0.0.1");
      keytool(
          store, "other", "-keyalg RSA -signer ca -dname CN=O -ext san=dns:b.test,dns:*.wild.test");
      keytool(store, "client", "-keyalg EC -signer ca -dname CN=Client");
      keytool(store, "stranger", "-keyalg EC -dname CN=Stranger -ext san=dns:localhost");
      return store;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path store, String alias, String options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-validity", "30"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    command.addAll(List.of(options.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + ": " + output);
    }
  }

  private static KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(STORE)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  static List<X509Certificate> chain(String alias) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : store().getCertificateChain(alias)) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** PKCS#8. */
  static byte[] key(String alias) {
    try {
      return Objects.requireNonNull(store().getKey(alias, PASSWORD)).getEncoded();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String certPem(String alias) {
    try {
      StringBuilder text = new StringBuilder();
      for (X509Certificate certificate : chain(alias)) {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
      return text.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String keyPem(String alias) {
    return pem("PRIVATE KEY", key(alias));
  }

  static String pem(String type, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  private static TlsCertificate certificate(String alias) {
    try {
      return TlsCertificate.parse(certPem(alias), keyPem(alias));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static char[] password() {
    return PASSWORD.clone();
  }

  static TlsConfigBuilder server() {
    return TlsConfig.builder().certificate(LOCAL);
  }

  static TlsConfigBuilder client() {
    return TlsConfig.builder().rootCas(ROOT).serverName("localhost");
  }
}
