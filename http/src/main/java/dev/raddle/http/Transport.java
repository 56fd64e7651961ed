package dev.raddle.http;

import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over connections that it keeps for the next ones: Go's {@code http.Transport}. Any
 * number of goroutines may use one; a program needs few. {@code https} goes to the server itself,
 * not through a proxy.
 *
 * <p><b>Cancellation.</b> When the context of a request ends, the call, or a read of the response's
 * body, ends with an IOException whose cause is the context's error, and the connection is closed.
 * Interrupting a goroutine closes its connection, too.
 *
 * <p><b>Trying again.</b> If a connection that was kept turns out to be closed by the server, a
 * request is sent once more over another one, provided that it may be sent twice (GET, HEAD,
 * OPTIONS, TRACE, or with an Idempotency-Key) and its body can be had again.
 */
public final class Transport implements RoundTripper, Closeable {
  private final TransportBuilder config;
  private final ConnectionPool pool;

  Transport(TransportBuilder config) {
    this.config = config;
    pool = new ConnectionPool(config);
  }

  /**
   * Starts a description of a transport.
   *
   * @return a builder with Go's defaults
   */
  public static TransportBuilder builder() {
    return new TransportBuilder();
  }

  @Override
  public Response roundTrip(Request request) throws IOException {
    boolean sent = false;
    try {
      Response response = send(request);
      sent = true;
      return response;
    } finally {
      if (!sent) {
        request.body().close();
      }
    }
  }

  private Response send(Request original) throws IOException {
    String scheme = original.parts.target.scheme();
    boolean secure = scheme.equals("https");
    if (!secure && !scheme.equals("http")) {
      throw new IOException(
          "unsupported protocol scheme, expected http or https, found \"" + scheme + "\"");
    }
    if (original.parts.target.host().isEmpty()) {
      throw new IOException("http: no Host in request URL");
    }
    RequestWriter.check(original);
    Context context = original.context();
    URI proxy = config.proxy.apply(original);
    if (secure && proxy != null) {
      throw new IOException(
          "net/http: https through a proxy is not supported, expected none, found " + proxy);
    }
    Request request = original;
    if (proxy != null && proxy.getRawUserInfo() != null) {
      byte[] credentials = proxy.getUserInfo().getBytes(StandardCharsets.UTF_8);
      request =
          request.toBuilder()
              .header(
                  "Proxy-Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
              .build();
    }
    String address =
        secure
            ? SecureDial.PREFIX + withPort(request.parts.target.host(), ":443")
            : withPort(
                proxy == null ? request.parts.target.host() : proxy.getRawAuthority(), ":80");
    while (true) {
      checkContext(context);
      ClientConnection connection = pool.take(address, context);
      boolean reused = connection.isReused();
      try {
        return new Exchange(config, connection, request, proxy != null).run();
      } catch (StaleConnectionException e) {
        if (!reused || !isReplayable(request)) {
          throw new IOException(String.valueOf(e.getMessage()), e.getCause());
        }
        request = fresh(request);
      }
    }
  }

  static void checkContext(Context context) throws IOException {
    CanceledException ended = context.err();
    if (ended != null) {
      throw new IOException("net/http: request canceled: " + ended.getMessage(), ended);
    }
  }

  private static boolean isReplayable(Request request) {
    if (request.contentLength() != 0 && request.parts.bodySource == null) {
      return false;
    }
    return switch (request.method()) {
      case Http.METHOD_GET, Http.METHOD_HEAD, Http.METHOD_OPTIONS, Http.METHOD_TRACE -> true;
      default ->
          request.headers().contains("Idempotency-Key")
              || request.headers().contains("X-Idempotency-Key");
    };
  }

  private static Request fresh(Request request) {
    BodySource source = request.parts.bodySource;
    return source == null
        ? request
        : request.toBuilder().body(source, request.contentLength()).build();
  }

  private static String withPort(String authority, String port) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    return host.lastIndexOf(':') > host.lastIndexOf(']') ? host : host + port;
  }

  /** Closes connections that are not in use. Go: {@code CloseIdleConnections}. */
  public void closeIdleConnections() {
    pool.closeIdle();
  }

  /** Closes connections that are not in use; later ones are used once. */
  @Override
  public void close() {
    pool.close();
  }

  /** For tests. */
  int idleConnections() {
    return pool.idleConnections();
  }

  /** For tests: how many connections to an address are in use, if they are limited. */
  int inUse(String address) {
    return pool.inUse(address);
  }

  /** The proxy that the environment names: HTTP_PROXY or http_proxy, unless NO_PROXY names it. */
  static @Nullable URI proxyFromEnvironment(Request request, Function<String, String> environment) {
    String value = first(environment, "HTTP_PROXY", "http_proxy");
    String host = request.parts.target.host();
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    if (value.isEmpty()
        || request.parts.target.scheme().equals("https") // it is HTTPS_PROXY that is for these
        || name.equals("localhost")
        || name.startsWith("127.")
        || name.equals("[::1]")) {
      return null;
    }
    for (String entry : first(environment, "NO_PROXY", "no_proxy").split(",", -1)) {
      String e = entry.strip();
      if (e.equals("*")
          || (!e.isEmpty() && (name.equals(e) || host.equals(e) || isBelow(name, e)))) {
        return null;
      }
    }
    return URI.create(value.contains("://") ? value : "http://" + value);
  }

  private static boolean isBelow(String name, String domain) {
    return name.endsWith(domain.startsWith(".") ? domain : "." + domain);
  }

  private static String first(Function<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.apply(name);
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }
}
