package dev.raddle.http;

import dev.raddle.net.Conn;
import dev.raddle.net.tls.ConnectionState;
import dev.raddle.net.tls.TlsConn;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets: Go's {@code http.Response}. To be closed; its connection is used again if the
 * body has been read to its end before. Not for use by several threads at once.
 */
public final class Response implements Closeable {
  private final Request request;
  private final int status;
  private final String reason;
  private final String proto;
  private final Headers headers;
  private final Headers trailer;
  private final InputStream body;
  private final long contentLength;
  private final boolean uncompressed;
  private @Nullable Conn upgraded;
  private @Nullable ConnectionState tls;

  Response(
      Request request,
      int status,
      String reason,
      String proto,
      Headers headers,
      Headers trailer,
      InputStream body,
      long contentLength,
      boolean uncompressed) {
    this.request = request;
    this.status = status;
    this.reason = reason;
    this.proto = proto;
    this.headers = headers;
    this.trailer = trailer;
    this.body = body;
    this.contentLength = contentLength;
    this.uncompressed = uncompressed;
  }

  /** The same with another body. */
  Response withBody(InputStream newBody) {
    Response other =
        new Response(
            request, status, reason, proto, headers, trailer, newBody, contentLength, uncompressed);
    other.upgraded = upgraded;
    other.tls = tls;
    return other;
  }

  void upgrade(Conn conn) {
    upgraded = conn;
  }

  /**
   * Returns the connection after {@code 101 Switching Protocols}, the caller's own from then on.
   *
   * @return null if the response is another one
   */
  public @Nullable Conn upgraded() {
    return upgraded;
  }

  void cameOver(Conn conn) {
    if (conn instanceof TlsConn secure) {
      tls = secure.connectionState();
    }
  }

  /**
   * Returns what TLS agreed on. Go: {@code Response.TLS}.
   *
   * @return null if the response came without TLS
   */
  public @Nullable ConnectionState tls() {
    return tls;
  }

  /**
   * Makes a response, for a {@link RoundTripper} that does not use the network.
   *
   * @param request what it answers
   * @param status three digits
   * @param headers its header lines
   * @param body its body
   * @return the response
   */
  public static Response of(Request request, int status, Headers headers, byte[] body) {
    return new Response(
        request,
        status,
        Http.statusText(status),
        "HTTP/1.1",
        headers,
        new Headers(),
        new ByteArrayInputStream(body),
        body.length,
        false);
  }

  /**
   * Returns the request that was answered, the last one after redirects.
   *
   * @return as it was sent
   */
  public Request request() {
    return request;
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
   * Returns the status line without the protocol. Go: {@code Response.Status}.
   *
   * @return for example {@code 200 OK}
   */
  public String statusLine() {
    return reason.isEmpty() ? Integer.toString(status) : status + " " + reason;
  }

  /**
   * Returns the protocol.
   *
   * @return {@code HTTP/1.1}, {@code HTTP/1.0} or {@code HTTP/2.0}
   */
  public String proto() {
    return proto;
  }

  /**
   * Returns the first number of {@link #proto}.
   *
   * @return 1 or 2
   */
  public int protoMajor() {
    return proto.charAt(5) - '0';
  }

  /**
   * Returns the second number of {@link #proto}.
   *
   * @return 1 or 0
   */
  public int protoMinor() {
    return proto.charAt(7) - '0';
  }

  /**
   * Returns the first value of a header.
   *
   * @param name in any case
   * @return the value; empty if there is none
   */
  public String header(String name) {
    return headers.get(name);
  }

  /**
   * Returns the header lines, without Transfer-Encoding.
   *
   * @return the lines themselves
   */
  public Headers headers() {
    return headers;
  }

  /**
   * Returns the header lines behind the body.
   *
   * @return empty until the body has been read to its end
   */
  public Headers trailer() {
    return trailer;
  }

  /**
   * Returns the body. Reading blocks until there is at least one byte.
   *
   * @return without bytes if there is none
   */
  public InputStream body() {
    return body;
  }

  /**
   * Reads the rest of the body, and closes it.
   *
   * @return as UTF-8
   * @throws IOException if it cannot be read
   */
  public String text() throws IOException {
    try (InputStream in = body) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * Returns the length of the body.
   *
   * @return -1 if it is not known beforehand; for HEAD what a GET would have had
   */
  public long contentLength() {
    return contentLength;
  }

  /**
   * Says whether the transport has unpacked the body, which the caller had not asked to be packed.
   *
   * @return true if so; Content-Encoding and Content-Length are gone then
   */
  public boolean uncompressed() {
    return uncompressed;
  }

  /**
   * Returns the cookies that the server sets, those that are well formed.
   *
   * @return in the order in which they came
   */
  public List<Cookie> cookies() {
    return CookieReader.readSetCookies(headers.values("Set-Cookie"));
  }

  /**
   * Closes the body. Never blocks for long; a body not read to its end costs the connection, of
   * HTTP/1 at least.
   */
  @Override
  public void close() throws IOException {
    body.close();
  }

  /** For logs. */
  @Override
  public String toString() {
    return proto() + " " + statusLine();
  }
}
