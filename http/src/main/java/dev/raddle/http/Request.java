package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.http.internal.Escapes;
import dev.raddle.http.internal.Target;
import dev.raddle.net.tls.ConnectionState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request: one that the server received, or one for the client to send. Go's {@code
 * http.Request}.
 *
 * <p>A handler gets it from the server. {@link #to} describes one for a {@code Client}, and {@link
 * #toBuilder} a variant of one that is there. Everything but the body may be used after the handler
 * has returned. Escapes that stand for bytes that are not UTF-8 decode to U+FFFD. Not for use by
 * several threads at once, but for {@link #context}.
 */
public final class Request {
  final RequestParts parts;
  private final Supplier<Context> context;
  private @Nullable Forms forms;
  private @Nullable Pattern pattern;
  private List<String> matches = List.of();

  Request(RequestParts parts, Supplier<Context> context) {
    this.parts = parts;
    this.context = context;
  }

  /**
   * Describes a request for a client.
   *
   * @param method for example {@link Http#METHOD_GET}
   * @param url absolute, like {@code http://localhost:8080/a?b=c}
   * @return a builder
   * @throws IllegalArgumentException if the method is no token or the URL is malformed
   */
  public static RequestBuilder to(String method, String url) {
    return RequestBuilder.to(method, url);
  }

  /**
   * Describes a request as a server gets it, to test handlers. Go: {@code httptest.NewRequest}.
   *
   * @param method for example {@link Http#METHOD_GET}
   * @param target a path, or an absolute URL; the host is {@code example.com} if it has none
   * @return a builder, whose address of the client is {@code 192.0.2.1:1234}
   * @throws IllegalArgumentException if one of them is malformed
   */
  public static RequestBuilder received(String method, String target) {
    RequestBuilder builder = RequestBuilder.to(method, target).received(target);
    return (target.startsWith("/") ? builder.host("example.com") : builder)
        .remoteAddress("192.0.2.1:1234");
  }

  /**
   * Starts a variant of this request. Headers are copied; body, context and path values are shared.
   *
   * @return a builder that has all of this request
   */
  public RequestBuilder toBuilder() {
    return new RequestBuilder(this);
  }

  /**
   * Returns the method, in the case it was sent.
   *
   * @return for example {@link Http#METHOD_GET}
   */
  public String method() {
    return parts.method;
  }

  /**
   * Returns the path, percent-decoded. Go: {@code r.URL.Path}.
   *
   * @return for example {@code /a b}; {@code *} for a request about the server as a whole; empty
   *     for CONNECT
   */
  public String path() {
    return parts.target.path();
  }

  /**
   * Returns the path as it came. Go: {@code r.URL.EscapedPath()}.
   *
   * @return for example {@code /a%20b}
   */
  public String escapedPath() {
    return parts.target.escapedPath();
  }

  /**
   * Returns the query without its question mark, as it came. Go: {@code r.URL.RawQuery}.
   *
   * @return for example {@code name=John&x=1}; empty if there is none
   */
  public String rawQuery() {
    return parts.target.rawQuery();
  }

  /**
   * Returns the whole request target as it came. Go: {@code r.RequestURI}.
   *
   * @return for example {@code /hello?name=John}; empty for a request that a client sends
   */
  public String requestUri() {
    return parts.requestUri;
  }

  /**
   * Returns where a client sends this request. Go: {@code r.URL.String()}.
   *
   * @return an absolute URL, or on the server path and query
   */
  public String url() {
    Target t = parts.target;
    String path = t.rawQuery().isEmpty() ? t.escapedPath() : t.escapedPath() + "?" + t.rawQuery();
    return t.scheme().isEmpty() ? path : t.scheme() + "://" + t.host() + path;
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
    String value = Escapes.first(rawQuery(), name);
    return value == null ? "" : value;
  }

  /**
   * Returns all values of a name in the query, as {@link #query} does the first one.
   *
   * @param name the name, decoded
   * @return the values in the order in which they came; the caller's own
   */
  public List<String> queryValues(String name) {
    return Escapes.all(rawQuery(), name);
  }

  /**
   * Returns what a wildcard of the pattern stood for. Go: {@code r.PathValue}.
   *
   * @param name the wildcard's name
   * @return decoded; empty if the pattern has no such wildcard
   */
  public String pathValue(String name) {
    String value = pathValueOrNull(name);
    return value == null ? "" : value;
  }

  private @Nullable String pathValueOrNull(String name) {
    String set = parts.pathValues == null ? null : parts.pathValues.get(name);
    if (set != null || pattern == null) {
      return set;
    }
    int i = pattern.names().indexOf(name);
    return i < 0 ? null : matches.get(i);
  }

  /**
   * Sets what {@link #pathValue} returns, for handlers that do their own routing.
   *
   * @param name any name
   * @param value its value
   */
  public void setPathValue(String name, String value) {
    parts.setPathValue(name, value);
  }

  /**
   * Returns the pattern of the {@link ServeMux} that matched. Go: {@code r.Pattern}.
   *
   * @return as it was registered; empty if none did
   */
  public String pattern() {
    return pattern == null ? "" : pattern.text();
  }

  /** The mux has decided. */
  void match(Pattern matched, List<String> values) {
    pattern = matched;
    matches = values;
  }

  void copyMatch(Request other) {
    pattern = other.pattern;
    matches = other.matches;
  }

  /**
   * Returns the first value of a header.
   *
   * @param name in any case; the Host header is not among them, see {@link #host}
   * @return the value; empty if there is none
   */
  public String header(String name) {
    return parts.headers.get(name);
  }

  /**
   * Returns the header lines. As in Go, Host and Transfer-Encoding are not among them.
   *
   * @return the lines themselves, not a copy: a handler that wraps another one may change them
   */
  public Headers headers() {
    return parts.headers;
  }

  /**
   * Returns the header lines that followed a chunked body. Go: {@code r.Trailer}.
   *
   * @return empty until the body has been read to its end, but for the names that the client
   *     announced, which have no values yet
   */
  public Headers trailer() {
    return parts.trailer;
  }

  /**
   * Returns the host the client asked for: that of an absolute request target, else the Host
   * header.
   *
   * @return for example {@code localhost:8080}; empty if an HTTP/1.0 client named none
   */
  public String host() {
    return parts.host;
  }

  /**
   * Returns the address the request came from. Go: {@code r.RemoteAddr}.
   *
   * @return for example {@code 127.0.0.1:43886} or {@code [::1]:43886}; empty on a client
   */
  public String remoteAddress() {
    return parts.remoteAddress();
  }

  /**
   * Returns what was agreed on for the connection that the request came by. Go: {@code r.TLS}.
   *
   * @return null if it was not by TLS, and on a client
   */
  public @Nullable ConnectionState tls() {
    return parts.tls;
  }

  /**
   * Returns the protocol.
   *
   * @return {@code HTTP/1.1}, {@code HTTP/1.0} or {@code HTTP/2.0}
   */
  public String proto() {
    return parts.http2 ? "HTTP/2.0" : parts.http11 ? "HTTP/1.1" : "HTTP/1.0";
  }

  /**
   * Returns the first number of {@link #proto}.
   *
   * @return 1 or 2
   */
  public int protoMajor() {
    return parts.http2 ? 2 : 1;
  }

  /**
   * Returns the second number of {@link #proto}.
   *
   * @return 1 or 0
   */
  public int protoMinor() {
    return parts.http11 && !parts.http2 ? 1 : 0;
  }

  /**
   * Returns the length of the body.
   *
   * @return a number of bytes, 0 if there is no body, -1 if it is not known before the body has
   *     been read (it is chunked)
   */
  public long contentLength() {
    return parts.contentLength;
  }

  /**
   * Returns the body. Reading blocks until there is at least one byte. On the server the first read
   * tells a client that waits for {@code 100 Continue} to go on. A read fails with an {@link
   * java.io.IOException} if the client goes away ({@link java.io.EOFException}), breaks the chunked
   * coding, or takes longer than {@link ServerBuilder#readTimeout} ({@link
   * java.net.SocketTimeoutException}).
   *
   * <p>It need not be read or closed; the server reads up to 256 KB of what is left, and closes the
   * connection if there is more.
   *
   * @return the body; without bytes if there is none
   */
  public InputStream body() {
    return parts.body;
  }

  /**
   * Returns the context of this request. On the server it ends when the client goes away, when the
   * handler has returned, or when the server's base context ends; a client gives up when it ends.
   *
   * <p>The server watches the connection only from the first call on, and, as Go, only once the
   * body has been read: before that, a read of the body tells.
   *
   * @return always the same
   */
  public Context context() {
    return context.get();
  }

  Supplier<Context> contextSource() {
    return context;
  }

  /**
   * Returns query and body of a form together, the body's values first. Reads the body, if it is a
   * form; one of several parts is kept as {@link #multipartForm} does with 32 MB. Go: {@code
   * r.ParseForm}, {@code r.Form}.
   *
   * @return always the same
   * @throws FormException if query or body are malformed; the next call returns what was well
   *     formed
   * @throws IOException if the body cannot be read, or is longer than 10 MB and URL-encoded
   */
  public Values form() throws IOException {
    return forms().all();
  }

  /**
   * Returns the values in the body of a form. Go: {@code r.PostForm}.
   *
   * @return as {@link #form}, without the query; empty but for POST, PUT and PATCH
   * @throws IOException as {@link #form}
   */
  public Values postForm() throws IOException {
    return forms().posted();
  }

  /**
   * Returns one value of {@link #form}. Go: {@code r.FormValue}.
   *
   * @param name which
   * @return the first value; empty if there is none or the form is malformed
   */
  public String formValue(String name) {
    return forms().lenient(false).get(name);
  }

  /**
   * Returns one value of {@link #postForm}. Go: {@code r.PostFormValue}.
   *
   * @param name which
   * @return the first value; empty if there is none or the form is malformed
   */
  public String postFormValue(String name) {
    return forms().lenient(true).get(name);
  }

  /**
   * Reads a form of several parts to its end. Files beyond the limit are kept in temporary files
   * that go when the handler returns. Go: {@code r.ParseMultipartForm}.
   *
   * @param maxMemoryBytes how much of files is kept in memory
   * @return always the same
   * @throws FormException if the body is no such form, or malformed
   * @throws IOException if the body cannot be read, or a file cannot be kept
   */
  public MultipartForm multipartForm(long maxMemoryBytes) throws IOException {
    return forms().multipart(maxMemoryBytes);
  }

  /**
   * Returns the parts of a form one by one, as they come. Go: {@code r.MultipartReader}.
   *
   * @return the reader; can be had once, and not after {@link #multipartForm} or {@link #form}
   * @throws FormException if the body is not of several parts
   */
  public MultipartReader multipartReader() throws FormException {
    return forms().reader();
  }

  /**
   * Makes a record of the values that the request has: for each component the value of the path
   * that has its name, else those of {@link #form}, so of the body, if it is a form, and of the
   * query. Other names are left alone.
   *
   * <p>A component can be a {@link String}, a primitive type or its box, an enum, a {@link
   * java.time.LocalDate}, {@link java.time.Instant} or {@link java.time.Duration} in ISO 8601, a
   * {@link java.util.UUID}, or an {@link java.util.Optional} or a {@link List} of one of these. A
   * list has all values in their order; of anything else the first value counts. A value that is
   * missing is an error for a primitive type, an empty Optional or List, and otherwise null, for
   * which the record's constructor can put a default. An empty value counts as missing, but for
   * strings and in lists: browsers send one for a field that was not filled in.
   *
   * <pre>{@code
   * record Page(String q, Integer size, List<Color> colors) {
   *   Page {
   *     size = size == null ? 20 : size;
   *     if (size > 100) {
   *       throw new IllegalArgumentException("size: expected at most 100, found " + size);
   *     }
   *   }
   * }
   *
   * mux.handle("GET /search", (w, r) -> search(r.bind(Page.class)));
   * }</pre>
   *
   * @param <R> the record's type
   * @param type a record; if its module is a named one, the module opens its package
   * @return the record
   * @throws BindingException if values are wrong, all of which it names, or if the record's
   *     constructor threw an IllegalArgumentException, whose message it has
   * @throws FormException if query or body are malformed
   * @throws IOException if the body cannot be read
   * @throws IllegalArgumentException if the record has a component of another type
   */
  public <R extends Record> R bind(Class<R> type) throws IOException {
    Values values = form();
    return Binder.bind(
        type,
        name -> {
          String inPath = pathValueOrNull(name);
          return inPath == null ? values.values(name) : List.of(inPath);
        });
  }

  private Forms forms() {
    if (forms == null) {
      forms = new Forms(this);
    }
    return forms;
  }

  /** Removes temporary files. */
  void cleanUp() {
    if (forms != null) {
      forms.cleanUp();
    }
  }

  /**
   * Returns the cookies that the client sent, those that are well formed. Go: {@code r.Cookies}.
   *
   * @return in the order in which they came
   */
  public List<Cookie> cookies() {
    return CookieReader.readCookies(parts.headers.values("Cookie"), null);
  }

  /**
   * Returns a cookie that the client sent. Go: {@code r.Cookie}.
   *
   * @param name in exactly this case
   * @return the first one of that name; null if there is none
   */
  public @Nullable Cookie cookie(String name) {
    List<Cookie> found = CookieReader.readCookies(parts.headers.values("Cookie"), name);
    return found.isEmpty() ? null : found.getFirst();
  }

  /**
   * Name and password of HTTP Basic Authentication.
   *
   * @param username the name
   * @param password in clear text
   */
  public record BasicAuth(String username, String password) {}

  /**
   * Returns what the client says who it is. Go: {@code r.BasicAuth}.
   *
   * @return null if there is no such header, or it is malformed
   */
  public @Nullable BasicAuth basicAuth() {
    String header = header("Authorization");
    if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      String pair =
          new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : new BasicAuth(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /**
   * Returns the page that led here. Go: {@code r.Referer}, misspelled as the header is.
   *
   * @return empty if the client does not say
   */
  public String referer() {
    return header("Referer");
  }

  /**
   * Returns the name of the client's program. Go: {@code r.UserAgent}.
   *
   * @return empty if the client does not say
   */
  public String userAgent() {
    return header("User-Agent");
  }

  boolean isHttp11() {
    return parts.http11;
  }

  /** For logs: method, target, protocol. */
  @Override
  public String toString() {
    String target = requestUri().isEmpty() ? url() : requestUri();
    return method() + " " + target + " " + proto();
  }
}
