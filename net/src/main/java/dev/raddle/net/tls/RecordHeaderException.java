package dev.raddle.net.tls;

import dev.raddle.net.Conn;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;

/**
 * The other side's first bytes are not TLS: Go's {@code tls.RecordHeaderError}. Nothing has been
 * sent yet, so that one may still answer in clear.
 */
public final class RecordHeaderException extends SSLException {
  private static final long serialVersionUID = 1L;

  private final transient Conn conn;
  private final String header;

  RecordHeaderException(Conn conn, String header) {
    super("tls: first record does not look like a TLS handshake");
    this.conn = conn;
    this.header = header;
  }

  /**
   * Returns the connection below, still open.
   *
   * @return the connection, without the bytes that were read
   */
  public Conn conn() {
    return conn;
  }

  /**
   * Says whether the other side speaks HTTP without TLS, by its first bytes.
   *
   * @return true for the start of a request line of a common method, or of a status line
   */
  public boolean looksLikeHttp() {
    return switch (header) {
      case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "DELET", "PATCH", "CONNE", "HTTP/" -> true;
      default -> false;
    };
  }

  static String text(byte[] five) {
    return new String(five, StandardCharsets.ISO_8859_1);
  }
}
