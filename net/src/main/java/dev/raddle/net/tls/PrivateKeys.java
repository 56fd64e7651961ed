package dev.raddle.net.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/*
 * Private keys of PEM files: PKCS#8 of any kind that TLS uses, PKCS#1 (RSA) and SEC 1 (EC).
 *
 * The JDK knows PKCS#8 only; the other two become the octet string inside of one:
 *   SEQUENCE { INTEGER 0, SEQUENCE { OID algorithm, NULL or OID curve }, OCTET STRING key }
 * SEC 1 names its curve in the key itself: SEQUENCE { INTEGER 1, OCTET STRING, [0] { OID curve } }.
 */
final class PrivateKeys {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int OID = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final byte[] NULL = {5, 0};
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d010101");
  private static final byte[] RSA_PSS = HexFormat.of().parseHex("06092a864886f70d01010a");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] ED25519 = HexFormat.of().parseHex("06032b6570");
  private static final byte[] ED448 = HexFormat.of().parseHex("06032b6571");

  private PrivateKeys() {}

  /** The first private key of a PEM text. */
  static PrivateKey parse(String text) throws GeneralSecurityException {
    List<Pem.Block> blocks = Pem.blocks(text);
    for (Pem.Block block : blocks) {
      PrivateKey key =
          switch (block.type()) {
            case "PRIVATE KEY" -> pkcs8(block.bytes());
            case "RSA PRIVATE KEY" -> pkcs8(wrap(join(RSA, NULL), block.bytes()));
            case "EC PRIVATE KEY" -> pkcs8(wrap(join(EC, curve(block.bytes())), block.bytes()));
            case "ENCRYPTED PRIVATE KEY" ->
                throw new InvalidKeyException(
                    "tls: expected a private key without a password, found ENCRYPTED PRIVATE KEY");
            default -> null; // a chain in front of the key, or parameters of a curve
          };
      if (key != null) {
        return key;
      }
    }
    throw new InvalidKeyException(
        "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input, found "
            + blocks.stream().map(Pem.Block::type).toList());
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    ByteBuffer all = value(ByteBuffer.wrap(der), SEQUENCE);
    value(all, INTEGER);
    ByteBuffer oid = value(all, SEQUENCE);
    byte[] name = element(oid, value(oid.duplicate(), OID));
    return KeyFactory.getInstance(algorithm(name)).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static String algorithm(byte[] oid) throws InvalidKeyException {
    if (Arrays.equals(oid, RSA)) {
      return "RSA";
    } else if (Arrays.equals(oid, RSA_PSS)) {
      return "RSASSA-PSS";
    } else if (Arrays.equals(oid, EC)) {
      return "EC";
    } else if (Arrays.equals(oid, ED25519) || Arrays.equals(oid, ED448)) {
      return "EdDSA";
    }
    throw new InvalidKeyException(
        "tls: expected an RSA, EC or EdDSA key, found algorithm " + HexFormat.of().formatHex(oid));
  }

  /** The curve of a SEC 1 key, as an OID element. */
  private static byte[] curve(byte[] der) throws InvalidKeyException {
    ByteBuffer key = value(ByteBuffer.wrap(der), SEQUENCE);
    value(key, INTEGER);
    value(key, OCTETS);
    if (!key.hasRemaining()) {
      throw new InvalidKeyException("tls: expected an EC key that names its curve, found none");
    }
    ByteBuffer parameters = value(key, PARAMETERS);
    return element(parameters, value(parameters.duplicate(), OID));
  }

  /** Says whether the private key is the public key's. */
  static boolean match(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
    if (key instanceof RSAKey rsa) {
      return publicKey instanceof RSAKey other && rsa.getModulus().equals(other.getModulus());
    }
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA";
    byte[] text = "raddle".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(text);
      return verifier.verify(signer.sign());
    } catch (InvalidKeyException | SignatureException e) {
      return false; // of another kind, or of another curve
    }
  }

  // ---- DER ----

  /** The value of the next element, which must be of that kind; the position goes behind it. */
  private static ByteBuffer value(ByteBuffer from, int tag) throws InvalidKeyException {
    try {
      int found = from.get() & 0xff;
      int length = from.get() & 0xff;
      if (length > 0x80) {
        int bytes = length - 0x80;
        length = 0;
        for (int i = 0; i < bytes; i++) {
          length = Math.addExact(Math.multiplyExact(length, 256), from.get() & 0xff);
        }
      }
      if (found != tag) {
        throw new InvalidKeyException(
            "tls: malformed key, expected tag " + tag + ", found " + found);
      }
      ByteBuffer value = from.slice(from.position(), length);
      from.position(from.position() + length);
      return value;
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw new InvalidKeyException("tls: malformed key, it ends too early", e);
    }
  }

  /** A short element with its tag and length: the value that starts two bytes after it. */
  private static byte[] element(ByteBuffer from, ByteBuffer value) {
    byte[] all = new byte[value.remaining() + 2];
    from.get(from.position(), all);
    return all;
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, join(VERSION_0, join(der(SEQUENCE, algorithm), der(OCTETS, key))));
  }

  private static byte[] der(int tag, byte[] value) {
    int n = value.length;
    byte[] head =
        n < 0x80
            ? new byte[] {(byte) tag, (byte) n}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
    return join(head, value);
  }

  private static byte[] join(byte[] a, byte[] b) {
    return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
  }
}
