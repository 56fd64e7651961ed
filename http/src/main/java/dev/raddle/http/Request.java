package dev.raddle.http;

import dev.raddle.http.internal.Escapes;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.Target;
import dev.raddle.net.HostPort;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A request that the server received: Go's {@code http.Request}. Everything but the body may be
 * used after the handler has returned. Escapes that stand for bytes that are not UTF-8 decode to
 * U+FFFD.
 */
public final class Request {
  private final RequestHead head;
  private final Target target;
  private final InetSocketAddress remote;
  private final InputStream body;
  private final Headers headers;

  Request(RequestHead head, Target target, InetSocketAddress remote, InputStream body) {
    this.head = head;
    this.target = target;
    this.remote = remote;
    this.body = body;
    headers = new Headers(head.lines(), head.size());
  }

  /**
   * Returns the method, in the case it was sent.
   *
   * @return for example {@link Http#METHOD_GET}
   */
  public String method() {
    return head.method;
  }

  /**
   * Returns the path, percent-decoded. Go: {@code r.URL.Path}.
   *
   * @return for example {@code /a b}; {@code *} for a request about the server as a whole; empty
   *     for CONNECT
   */
  public String path() {
    return target.path();
  }

  /**
   * Returns the path as it came. Go: {@code r.URL.EscapedPath()}.
   *
   * @return for example {@code /a%20b}
   */
  public String escapedPath() {
    return target.escapedPath();
  }

  /**
   * Returns the query without its question mark, as it came. Go: {@code r.URL.RawQuery}.
   *
   * @return for example {@code name=John&x=1}; empty if there is none
   */
  public String rawQuery() {
    return target.rawQuery();
  }

  /**
   * Returns the whole request target as it came. Go: {@code r.RequestURI}.
   *
   * @return for example {@code /hello?name=John}
   */
  public String requestUri() {
    return head.target;
  }

  /**
   * Returns the first value of a name in the query, decoded: {@code +} is a space, {@code %41} an
   * A. As with Go's {@code r.URL.Query().Get}, a setting that has a semicolon or a malformed escape
   * is skipped. The cost is one pass over the query; nothing is kept.
   *
   * @param name the name, decoded
   * @return the value; empty if there is none
   */
  public String query(String name) {
    String value = Escapes.first(target.rawQuery(), name);
    return value == null ? "" : value;
  }

  /**
   * Returns all values of a name in the query, as {@link #query} does the first one.
   *
   * @param name the name, decoded
   * @return the values in the order in which they came; the caller's own
   */
  public List<String> queryValues(String name) {
    return Escapes.all(target.rawQuery(), name);
  }

  /**
   * Returns the first value of a header.
   *
   * @param name in any case; the Host header is not among them, see {@link #host}
   * @return the value; empty if there is none
   */
  public String header(String name) {
    return headers.get(name);
  }

  /**
   * Returns the header lines. As in Go, Host and Transfer-Encoding are not among them.
   *
   * @return the lines themselves, not a copy: a handler that wraps another one may change them
   */
  public Headers headers() {
    return headers;
  }

  /**
   * Returns the host the client asked for: that of an absolute request target, else the Host
   * header.
   *
   * @return for example {@code localhost:8080}; empty if an HTTP/1.0 client named none
   */
  public String host() {
    return target.host().isEmpty() ? head.host : target.host();
  }

  /**
   * Returns the address the request came from. Go: {@code r.RemoteAddr}.
   *
   * @return for example {@code 127.0.0.1:43886} or {@code [::1]:43886}
   */
  public String remoteAddress() {
    return HostPort.of(remote).toString();
  }

  /**
   * Returns the protocol.
   *
   * @return {@code HTTP/1.1} or {@code HTTP/1.0}
   */
  public String proto() {
    return head.http11 ? "HTTP/1.1" : "HTTP/1.0";
  }

  /**
   * Returns the length of the body.
   *
   * @return a number of bytes, 0 if there is no body, -1 if it is not known before the body has
   *     been read (it is chunked)
   */
  public long contentLength() {
    return head.contentLength;
  }

  /**
   * Returns the body. Reading blocks until there is at least one byte. The first read tells a
   * client that waits for {@code 100 Continue} to go on. A read fails with an {@link
   * java.io.IOException} if the client goes away ({@link java.io.EOFException}) or breaks the
   * chunked coding.
   *
   * <p>It need not be read or closed; the server reads up to 256 KB of what is left, and closes the
   * connection if there is more.
   *
   * @return the body; without bytes if there is none
   */
  public InputStream body() {
    return body;
  }

  boolean isHttp11() {
    return head.http11;
  }

  /** For logs: method, target, protocol. */
  @Override
  public String toString() {
    return head.method + " " + head.target + " " + proto();
  }
}
