package dev.raddle.http.internal;

import java.io.IOException;

/** A request that is answered without asking a handler, after which the connection closes. */
public final class BadRequest extends IOException {
  private static final long serialVersionUID = 1L;

  private final String statusLine;
  private final String body;
  private final int status;

  /**
   * Makes the answer that Go gives: the same words in the status line and in the body.
   *
   * @param status a status code of the 4xx or 5xx kind
   * @param detail what was wrong, or empty
   */
  public BadRequest(int status, String detail) {
    this(status, line(status, detail), line(status, detail));
  }

  private BadRequest(int status, String statusLine, String body) {
    super(statusLine);
    this.status = status;
    this.statusLine = statusLine;
    this.body = body;
  }

  /**
   * Makes the answer to a Transfer-Encoding other than chunked. Go does not echo its value, which
   * an attacker may have chosen; neither does this.
   *
   * @return the exception to throw
   */
  public static BadRequest unsupportedTransferEncoding() {
    return new BadRequest(501, line(501, ""), "Unsupported transfer encoding");
  }

  private static String line(int status, String detail) {
    String line = status + " " + StatusText.of(status);
    return detail.isEmpty() ? line : line + ": " + detail;
  }

  /**
   * Returns the status code.
   *
   * @return three digits
   */
  public int status() {
    return status;
  }

  /**
   * Returns what is said about it.
   *
   * @return the body of the response, in ASCII
   */
  public String body() {
    return body;
  }

  /**
   * Returns the whole response.
   *
   * @return head and body, to be sent as ISO-8859-1
   */
  public String response() {
    return "HTTP/1.1 "
        + statusLine
        + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
        + body;
  }
}
