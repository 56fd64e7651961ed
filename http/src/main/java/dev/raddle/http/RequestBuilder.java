package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.Escapes;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link Request}, from nothing or from another one. Not for use by several threads at
 * once; used up by {@link #build}.
 */
public final class RequestBuilder {
  private final RequestParts parts;
  private final @Nullable Request original;
  private Supplier<Context> context;

  RequestBuilder(Request original) {
    this.original = original;
    parts = original.parts.copy();
    context = original.contextSource();
  }

  private RequestBuilder(String method, Target target) {
    original = null;
    parts = new RequestParts();
    parts.method = method;
    parts.target = target;
    parts.host = target.host();
    context = Context::background;
  }

  static RequestBuilder to(String method, String url) {
    if (!HeaderText.isValidName(method)) {
      throw new IllegalArgumentException("net/http: invalid method \"" + method + "\"");
    }
    return new RequestBuilder(method, parse(method, url));
  }

  private static Target parse(String method, String url) {
    try {
      Target t = Target.parse(method, Target.withoutFragment(url));
      return new Target(
          t.scheme(),
          t.userInfo(),
          withoutEmptyPort(t.host()),
          t.escapedPath(),
          t.path(),
          t.rawQuery());
    } catch (BadRequest e) {
      throw new IllegalArgumentException(
          "parse \"" + url + "\": invalid URL, expected scheme://host/path?query", e);
    }
  }

  /** As Go has it: without a colon that no port follows, the zone of an address decoded. */
  private static String withoutEmptyPort(String authority) {
    int end = authority.length() - (authority.endsWith(":") ? 1 : 0);
    int zone = authority.startsWith("[") ? authority.indexOf("%25") : -1;
    return zone < 0
        ? authority.substring(0, end)
        : authority.substring(0, zone) + "%" + authority.substring(zone + 3, end);
  }

  /**
   * Sets the method.
   *
   * @param method a token
   * @return this builder
   * @throws IllegalArgumentException if it is none
   */
  public RequestBuilder method(String method) {
    if (!HeaderText.isValidName(method)) {
      throw new IllegalArgumentException("net/http: invalid method \"" + method + "\"");
    }
    parts.method = method;
    return this;
  }

  /**
   * Sets where to send the request, and with it the Host header.
   *
   * @param url absolute
   * @return this builder
   * @throws IllegalArgumentException if it is malformed
   */
  public RequestBuilder url(String url) {
    parts.target = parse(parts.method, url);
    parts.host = parts.target.host();
    return this;
  }

  /**
   * Sets the path, for a handler that passes the request on.
   *
   * @param escapedPath with escapes where they are needed
   * @return this builder
   * @throws IllegalArgumentException if an escape is malformed
   */
  public RequestBuilder escapedPath(String escapedPath) {
    String path = Escapes.path(escapedPath);
    if (path == null) {
      throw new IllegalArgumentException("invalid URL escape in \"" + escapedPath + "\"");
    }
    Target t = parts.target;
    parts.target = new Target(t.scheme(), t.userInfo(), t.host(), escapedPath, path, t.rawQuery());
    return this;
  }

  /**
   * Sets the query.
   *
   * @param rawQuery encoded, without a question mark
   * @return this builder
   */
  public RequestBuilder rawQuery(String rawQuery) {
    Target t = parts.target;
    parts.target =
        new Target(t.scheme(), t.userInfo(), t.host(), t.escapedPath(), t.path(), rawQuery);
    return this;
  }

  /**
   * Sets a header to one value.
   *
   * @param name in any case; Host sets the host
   * @param value its value
   * @return this builder
   */
  public RequestBuilder header(String name, String value) {
    if (name.equalsIgnoreCase("Host")) {
      parts.host = value;
    } else {
      parts.headers.set(name, value);
    }
    return this;
  }

  /**
   * Returns the header lines.
   *
   * @return the lines themselves, to be changed
   */
  public Headers headers() {
    return parts.headers;
  }

  /**
   * Sets the Host header.
   *
   * @param host other than the one in the URL, which still says where to connect to
   * @return this builder
   */
  public RequestBuilder host(String host) {
    parts.host = host;
    return this;
  }

  /**
   * Sets name and password for HTTP Basic Authentication. Go: {@code r.SetBasicAuth}.
   *
   * @param username without a colon
   * @param password sent in clear text
   * @return this builder
   */
  public RequestBuilder basicAuth(String username, String password) {
    String pair = username + ":" + password;
    return header(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Adds a cookie. Go: {@code r.AddCookie}.
   *
   * @param cookie name and value count
   * @return this builder
   */
  public RequestBuilder cookie(Cookie cookie) {
    String pair = cookie.nameAndValue();
    String known = parts.headers.get("Cookie");
    return header("Cookie", known.isEmpty() ? pair : known + "; " + pair);
  }

  /**
   * Sets the body.
   *
   * @param bytes all of it; not to be changed until the request has been sent
   * @return this builder
   */
  public RequestBuilder body(byte[] bytes) {
    return body(() -> new ByteArrayInputStream(bytes), bytes.length);
  }

  /**
   * Sets the body.
   *
   * @param text sent in UTF-8
   * @return this builder
   */
  public RequestBuilder body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sets a body that can be sent more than once, after a redirect for example.
   *
   * @param source opens it
   * @param length how long it is; -1 if that is not known
   * @return this builder
   */
  public RequestBuilder body(BodySource source, long length) {
    parts.bodySource = source;
    parts.body = new LazyBody(source);
    parts.contentLength = length;
    return this;
  }

  /**
   * Sets a body that can be sent once.
   *
   * @param stream read to its end and closed by the client
   * @param length how long it is; -1 if that is not known
   * @return this builder
   */
  public RequestBuilder body(InputStream stream, long length) {
    parts.bodySource = null;
    parts.body = stream;
    parts.contentLength = length;
    return this;
  }

  /**
   * Sets header lines to be sent behind the body, which is sent in chunks then.
   *
   * @param trailer the lines, which may change until the body has been read
   * @return this builder
   */
  public RequestBuilder trailer(Headers trailer) {
    parts.trailer = trailer;
    parts.contentLength = -1;
    return this;
  }

  /**
   * Sets the context. Go: {@code r.WithContext}.
   *
   * @param newContext when it ends a client gives up
   * @return this builder
   */
  public RequestBuilder context(Context newContext) {
    context = () -> newContext;
    return this;
  }

  /**
   * Sets the address the request came from, for handlers behind a proxy, and for tests.
   *
   * @param address host and port
   * @return this builder
   */
  public RequestBuilder remoteAddress(String address) {
    parts.setRemoteAddress(address);
    return this;
  }

  /**
   * Turns a request that was received into one for a client to send.
   *
   * @return this builder
   */
  public RequestBuilder forClient() {
    parts.requestUri = "";
    return this;
  }

  /**
   * Sets what sees interim responses, such as early hints. Go: {@code httptrace.Got1xxResponse}.
   *
   * @param listener gets each
   * @return this builder
   */
  public RequestBuilder got1xxResponse(InterimListener listener) {
    parts.interim = listener;
    return this;
  }

  /** As a server gets it. */
  RequestBuilder received(String requestUri) {
    parts.requestUri = requestUri;
    return this;
  }

  /**
   * Makes the request.
   *
   * @return the request
   */
  public Request build() {
    Request request = new Request(parts, context);
    if (original != null) {
      request.copyMatch(original);
    }
    return request;
  }

  /** Opened at the first read. */
  private static final class LazyBody extends InputStream {
    private final BodySource source;
    private @Nullable InputStream opened;

    LazyBody(BodySource source) {
      this.source = source;
    }

    private InputStream in() throws IOException {
      if (opened == null) {
        opened = source.open();
      }
      return opened;
    }

    @Override
    public int read() throws IOException {
      return in().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return in().read(target, offset, length);
    }

    @Override
    public int available() throws IOException {
      return in().available();
    }

    @Override
    public void close() throws IOException {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
