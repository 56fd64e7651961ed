package dev.raddle.net.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads the blocks of PEM files (RFC 7468); text between them is skipped, as in Go. */
final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** One block. */
  record Block(String type, byte[] bytes) {}

  private Pem() {}

  static List<Block> blocks(String text) throws GeneralSecurityException {
    List<Block> blocks = new ArrayList<>();
    String type = null;
    StringBuilder body = new StringBuilder();
    for (String raw : text.split("\\R", -1)) {
      String line = raw.strip();
      if (type == null) {
        if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
          type = line.substring(BEGIN.length(), line.length() - DASHES.length());
          body.setLength(0);
        }
      } else if (line.startsWith(END)) {
        if (!line.equals(END + type + DASHES)) {
          throw new GeneralSecurityException(
              "tls: malformed PEM, expected the end of " + type + ", found " + line);
        }
        blocks.add(new Block(type, decode(type, body)));
        type = null;
      } else if (line.contains(":")) {
        throw new GeneralSecurityException(
            "tls: expected a PEM block without headers, found " + type + " with " + line);
      } else {
        body.append(line);
      }
    }
    if (type != null) {
      throw new GeneralSecurityException("tls: malformed PEM, expected the end of " + type);
    }
    return blocks;
  }

  private static byte[] decode(String type, StringBuilder body) throws GeneralSecurityException {
    try {
      return Base64.getDecoder().decode(body.toString());
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("tls: malformed PEM, block " + type + " is no Base64", e);
    }
  }

  static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> found = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.type().equals("CERTIFICATE")) {
        found.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
      } else {
        skipped.add(block.type());
      }
    }
    if (found.isEmpty()) {
      throw new CertificateException(
          "tls: failed to find any PEM data in certificate input, expected CERTIFICATE, found "
              + (skipped.isEmpty() ? "nothing" : skipped));
    }
    return found;
  }
}
