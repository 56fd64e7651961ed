package dev.raddle.http.internal;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Status codes, their names, and the status lines made of them. */
public final class StatusText {
  /** Lines made so far, HTTP/1.0 first. Two threads may make the same one; either will do. */
  private static final byte[] @Nullable [] LINES = new byte[2000][];

  private StatusText() {}

  /**
   * Returns the status line of a response.
   *
   * @param http11 true for HTTP/1.1, false for HTTP/1.0
   * @param status three digits
   * @return for example {@code HTTP/1.1 200 OK} and the line end; not to be changed
   */
  public static byte[] line(boolean http11, int status) {
    int index = http11 ? 1000 + status : status;
    byte @Nullable [] line = LINES[index];
    if (line == null) {
      String text = of(status);
      String start = (http11 ? "HTTP/1.1 " : "HTTP/1.0 ") + status + " ";
      line =
          (start + (text.isEmpty() ? "status code " + status : text) + "\r\n")
              .getBytes(StandardCharsets.ISO_8859_1);
      LINES[index] = line;
    }
    return line;
  }

  /**
   * Returns the name of a status code, as Go's {@code http.StatusText}.
   *
   * @param status a status code
   * @return for example {@code Not Found}; empty if the code has no name
   */
  public static String of(int status) {
    return switch (status) {
      case 100 -> "Continue";
      case 101 -> "Switching Protocols";
      case 102 -> "Processing";
      case 103 -> "Early Hints";
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 203 -> "Non-Authoritative Information";
      case 204 -> "No Content";
      case 205 -> "Reset Content";
      case 206 -> "Partial Content";
      case 207 -> "Multi-Status";
      case 208 -> "Already Reported";
      case 226 -> "IM Used";
      case 300 -> "Multiple Choices";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 304 -> "Not Modified";
      case 305 -> "Use Proxy";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 407 -> "Proxy Authentication Required";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 411 -> "Length Required";
      case 412 -> "Precondition Failed";
      case 413 -> "Request Entity Too Large";
      case 414 -> "Request URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 416 -> "Requested Range Not Satisfiable";
      case 417 -> "Expectation Failed";
      case 418 -> "I'm a teapot";
      case 421 -> "Misdirected Request";
      case 422 -> "Unprocessable Entity";
      case 423 -> "Locked";
      case 424 -> "Failed Dependency";
      case 425 -> "Too Early";
      case 426 -> "Upgrade Required";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 451 -> "Unavailable For Legal Reasons";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 506 -> "Variant Also Negotiates";
      case 507 -> "Insufficient Storage";
      case 508 -> "Loop Detected";
      case 510 -> "Not Extended";
      case 511 -> "Network Authentication Required";
      default -> "";
    };
  }
}
