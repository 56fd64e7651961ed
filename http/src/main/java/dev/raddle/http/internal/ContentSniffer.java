package dev.raddle.http.internal;

import java.nio.charset.StandardCharsets;

/**
 * Guesses the media type of content from its first bytes, by the algorithm of the WHATWG MIME
 * Sniffing Standard, in the selection and order of Go's {@code http.DetectContentType}.
 *
 * @see <a href="https://mimesniff.spec.whatwg.org/">MIME Sniffing Standard</a>
 */
public final class ContentSniffer {
  private static final int SNIFFED_BYTES = 512;
  private static final byte[] TEXT_PLAIN = ascii("text/plain; charset=utf-8");
  private static final byte[] OCTET_STREAM = ascii("application/octet-stream");
  private static final byte[] MP4 = ascii("video/mp4");

  private ContentSniffer() {}

  /**
   * Guesses.
   *
   * @param data holds the content
   * @param offset where it starts
   * @param length how long it is; at most 512 bytes are looked at
   * @return the media type in ASCII, {@code application/octet-stream} if nothing better is known;
   *     not to be changed
   */
  public static byte[] detect(byte[] data, int offset, int length) {
    int end = offset + Math.min(length, SNIFFED_BYTES);
    int first = offset;
    while (first < end && isWhitespace(data[first])) {
      first++;
    }
    for (Signature signature : Signatures.ALL) {
      if (signature.matches(data, signature.skipsWhitespace() ? first : offset, end)) {
        return signature.type();
      }
    }
    if (isMp4(data, offset, end)) {
      return MP4;
    }
    for (int i = first; i < end; i++) {
      if (isBinary(data[i])) {
        return OCTET_STREAM;
      }
    }
    return TEXT_PLAIN;
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f';
  }

  private static boolean isBinary(byte b) {
    int c = b & 0xff;
    return c <= 0x08 || c == 0x0b || (c >= 0x0e && c <= 0x1a) || (c >= 0x1c && c <= 0x1f);
  }

  /** Section 6.2.1: a box "ftyp" with a brand that starts with "mp4". */
  private static boolean isMp4(byte[] data, int offset, int end) {
    int length = end - offset;
    if (length < 12 || !has(data, offset + 4, "ftyp")) {
      return false;
    }
    long box =
        (data[offset] & 0xffL) << 24
            | (data[offset + 1] & 0xff) << 16
            | (data[offset + 2] & 0xff) << 8
            | (data[offset + 3] & 0xff);
    if (length < box || box % 4 != 0) {
      return false;
    }
    for (int at = 8; at + 3 <= box; at += 4) {
      if (at != 12 && has(data, offset + at, "mp4")) { // 12: the version of the major brand
        return true;
      }
    }
    return false;
  }

  private static boolean has(byte[] data, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (data[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
