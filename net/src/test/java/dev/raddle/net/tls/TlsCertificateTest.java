package dev.raddle.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of certificates and keys. Follows Go's crypto/tls/tls_test.go. */
class TlsCertificateTest {
  private static final byte[] RSA_HEAD =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  @TempDir Path directory;

  private static byte[] tail(byte[] der, int n) {
    return Arrays.copyOfRange(der, der.length - n, der.length);
  }

  /** Follows Go's TestX509KeyPair: keys in all forms, files in one. */
  @Test
  void keysAreReadInAllForms() throws Exception {
    byte[] rsa = Certs.key("other");
    int octets = 4 + RSA_HEAD.length; // SEQUENCE with a length of two bytes, then the head
    String pkcs1 = Certs.pem("RSA PRIVATE KEY", Arrays.copyOfRange(rsa, octets + 4, rsa.length));
    assertEquals(Certs.OTHER.key(), TlsCertificate.parse(Certs.certPem("other"), pkcs1).key());

    TlsCertificate one =
        TlsCertificate.parse(
            "text in front\n" + Certs.certPem("local") + Certs.keyPem("local"),
            Certs.certPem("local") + Certs.keyPem("local"));
    assertEquals(Certs.LOCAL.key(), one.key());
    assertEquals(2, one.chain().size());
    TlsCertificate ec =
        TlsCertificate.parse(Certs.certPem("local"), Certs.pem("EC PRIVATE KEY", sec1()));
    assertEquals(((ECPrivateKey) Certs.LOCAL.key()).getS(), ((ECPrivateKey) ec.key()).getS());
  }

  /** The JDK leaves the curve out of the inner key; files that openssl writes have it there. */
  private static byte[] sec1() throws IOException {
    byte[] key = Certs.key("local");
    String hex = HexFormat.of().formatHex(key);
    int curve = hex.indexOf("06", hex.indexOf("2a8648ce3d0201") + 14) / 2;
    byte[] oid = Arrays.copyOfRange(key, curve, curve + 2 + key[curve + 1]);
    int inner = hex.indexOf("020101", curve * 2) / 2; // version 1
    byte[] fields = tail(key, key.length - inner);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x30);
    out.write(0x81);
    out.write(fields.length + 2 + oid.length);
    out.write(fields);
    out.write(0xa0);
    out.write(oid.length);
    out.write(oid);
    return out.toByteArray();
  }

  /** As in Go, the message names what is wrong and what was found. */
  @Test
  void whatDoesNotFitIsSaid() {
    assertFails("private key does not match", Certs.certPem("local"), Certs.keyPem("client"));
    assertFails("private key does not match", Certs.certPem("local"), Certs.keyPem("other"));
    assertFails("private key does not match", Certs.certPem("other"), Certs.keyPem("local"));
    assertFails("found [PRIVATE KEY]", Certs.keyPem("local"), Certs.keyPem("local"));
    assertFails("found [CERTIFICATE, ", Certs.certPem("local"), Certs.certPem("local"));
    assertFails("found nothing", "", Certs.keyPem("local"));
    assertFails(
        "found ENCRYPTED PRIVATE KEY",
        Certs.certPem("local"),
        Certs.pem("ENCRYPTED PRIVATE KEY", new byte[8]));
    assertFails(
        "malformed", Certs.certPem("local"), Certs.pem("PRIVATE KEY", new byte[] {0x30, 5, 2}));
    assertFails("no Base64", Certs.certPem("local"), Certs.keyPem("local").replace("M", "*"));
    assertFails("expected the end of CERTIFICATE", "-----BEGIN CERTIFICATE-----\nAAAA\n", "");
  }

  private static void assertFails(String reason, String certPem, String keyPem) {
    GeneralSecurityException e =
        assertThrows(GeneralSecurityException.class, () -> TlsCertificate.parse(certPem, keyPem));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.toString());
  }

  @Test
  void pkcs12() throws Exception {
    TlsCertificate certificate = TlsCertificate.loadPkcs12(Certs.STORE, Certs.password());
    assertEquals(certificate.leaf(), Certs.chain(firstAlias(certificate)).getFirst());
    assertThrows(
        IOException.class, () -> TlsCertificate.loadPkcs12(Certs.STORE, "no".toCharArray()));
  }

  private static String firstAlias(TlsCertificate certificate) {
    for (String alias : new String[] {"ca", "local", "other", "client", "stranger"}) {
      if (Certs.chain(alias).getFirst().equals(certificate.leaf())) {
        return alias;
      }
    }
    throw new AssertionError(certificate);
  }

  @Test
  void changedFilesAreReadAgainAndBrokenOnesAreNot() throws Exception {
    Path cert = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    Files.writeString(cert, Certs.certPem("local"));
    Files.writeString(key, Certs.keyPem("local"));
    CertificateFiles files = CertificateFiles.of(cert, key, Duration.ZERO);
    ClientHello hello = new ClientHello("localhost", "EC");
    TlsCertificate first = files.get(hello);
    assertEquals(Certs.LOCAL.leaf(), first.leaf());

    replace(cert, Certs.certPem("client"), 1);
    assertSame(first, files.get(hello)); // its key is not there yet
    replace(key, Certs.keyPem("client"), 2);
    assertEquals(Certs.CLIENT.leaf(), files.get(hello).leaf());
    Files.delete(cert);
    assertEquals(Certs.CLIENT.leaf(), files.get(hello).leaf());
    replace(cert, Certs.certPem("client"), 3);
    assertEquals(Certs.CLIENT.leaf(), files.get(hello).leaf());
  }

  private static void replace(Path file, String text, int minutes) throws IOException {
    Files.writeString(file, text);
    Files.setLastModifiedTime(
        file, FileTime.fromMillis(System.currentTimeMillis() + minutes * 60_000L));
  }

  @Test
  void aCertificateNeverShowsItsKey() {
    assertTrue(Certs.LOCAL.toString().contains("CN=L"));
    assertEquals(-1, Certs.LOCAL.toString().indexOf("PrivateKey"));
  }
}
