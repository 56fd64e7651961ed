package dev.raddle.http;

import dev.raddle.Go;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.spi.ClientStream;
import dev.raddle.http.spi.UnansweredException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over connections that it keeps for the next ones: Go's {@code http.Transport}. Any
 * number of goroutines may use one; a program needs few. {@code https} goes through a proxy in a
 * tunnel that CONNECT opens; the proxy itself is spoken to without TLS. Everything goes through a
 * SOCKS5 proxy as it is, and names are looked up there.
 *
 * <p><b>HTTP/2</b> is spoken with servers of {@code https} that agree, if the module {@code
 * raddle-http2} is on the path. All requests to a server share a connection then, until it allows
 * no more at once; further ones are dialed as needed.
 *
 * <p><b>Cancellation.</b> When the context of a request ends, the call, or a read of the response's
 * body, ends with an IOException whose cause is the context's error, and the connection is closed;
 * of HTTP/2 only the request's stream. Interrupting a goroutine does the same.
 *
 * <p><b>Trying again.</b> If a connection that was kept turns out to be closed by the server, a
 * request is sent once more over another one, provided that it may be sent twice (GET, HEAD,
 * OPTIONS, TRACE, or with an Idempotency-Key) or that no byte of it went out, and its body can be
 * had again. In HTTP/2 a server can say that it has not looked at a request: then any method will
 * do.
 */
public final class Transport implements RoundTripper, Closeable {
  private static final int MAX_RETRIES = 6; // Go's, as the times between them

  private final TransportBuilder config;
  private final ConnectionPool pool;
  private final Sessions sessions;

  Transport(TransportBuilder config) {
    this.config = config;
    sessions = new Sessions(config);
    pool = new ConnectionPool(config, sessions);
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
    boolean socks = proxy != null && Destination.isSocks(proxy);
    if (proxy != null && !socks && !"http".equals(proxy.getScheme())) {
      throw new IOException(
          "net/http: unknown scheme of a proxy, expected http, socks5 or socks5h, found "
              + proxy.getScheme());
    }
    Request request = original;
    String host = original.parts.target.host();
    Destination to;
    boolean upgrades = HeaderText.hasToken(original.header("Connection"), "upgrade");
    boolean onlyHttp1 = upgrades && config.multiplexes(secure);
    if (secure) {
      to = new Destination(Destination.withPort(host, ":443"), true, proxy, onlyHttp1);
    } else if (proxy == null || socks) {
      to = new Destination(Destination.withPort(host, ":80"), false, proxy, onlyHttp1);
    } else {
      String address = Destination.withPort(proxy.getRawAuthority(), ":80");
      to = new Destination(address, false, null, true);
      String authorization = Destination.authorization(proxy);
      if (!authorization.isEmpty()) {
        request = request.toBuilder().header("Proxy-Authorization", authorization).build();
      }
    }
    int retries = 0;
    while (true) {
      checkContext(context);
      Sessions.Way way = sessions.take(to, context, pool);
      ClientConnection connection = way.connection();
      ClientStream stream = way.stream();
      if (connection != null) {
        boolean reused = connection.isReused();
        try {
          var exchange =
              new Exchange(config, connection, request, !secure && proxy != null && !socks);
          return over(way, exchange.run());
        } catch (StaleConnectionException e) {
          boolean again = e.isUnwritten() ? hasBodyAgain(request) : isReplayable(request);
          if (!reused || !again) {
            throw new IOException(String.valueOf(e.getMessage()), e.getCause());
          }
          request = fresh(request);
        }
      } else if (stream != null) {
        StreamedExchange exchange = new StreamedExchange(config, stream, request);
        try {
          return over(way, exchange.run());
        } catch (UnansweredException e) {
          boolean untouched = exchange.keepBody();
          boolean again =
              e.isUnprocessed() ? untouched || hasBodyAgain(request) : isReplayable(request);
          if (!again || ++retries > MAX_RETRIES) {
            throw new IOException(e.getMessage(), e.getCause());
          }
          backOff(retries, context);
          request = untouched ? request : fresh(request);
        }
      }
    }
  }

  private static Response over(Sessions.Way way, Response response) {
    response.cameOver(way.conn());
    return response;
  }

  /** The first retry is at once, the second after a second, the third after two. */
  private static void backOff(int retries, Context context) throws IOException {
    if (retries > 1) {
      long nanos = Duration.ofSeconds(1L << (retries - 2)).toNanos();
      nanos += ThreadLocalRandom.current().nextLong(nanos / 10);
      try {
        boolean ended =
            Go.select(
                context.done().onRecv(nothing -> true),
                Go.after(Duration.ofNanos(nanos), () -> false));
        if (ended) {
          checkContext(context);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("net/http: interrupted before another try");
      }
    }
  }

  static void checkContext(Context context) throws IOException {
    CanceledException ended = context.err();
    if (ended != null) {
      throw new IOException("net/http: request canceled: " + ended.getMessage(), ended);
    }
  }

  private static boolean hasBodyAgain(Request request) {
    return request.contentLength() == 0 || request.parts.bodySource != null;
  }

  private static boolean isReplayable(Request request) {
    if (!hasBodyAgain(request)) {
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

  /**
   * Closes connections that are not in use, and those that are when their response has been read,
   * unless another request has begun by then. Go: {@code CloseIdleConnections}.
   */
  public void closeIdleConnections() {
    pool.closeIdle();
    sessions.closeIdle();
  }

  /** Closes connections that are not in use; later ones are used once. */
  @Override
  public void close() {
    pool.close();
    sessions.close();
  }

  /** For tests. */
  int idleConnections() {
    return pool.idleConnections();
  }

  /** For tests: how many connections to an address are in use, if they are limited. */
  int inUse(String address) {
    return pool.inUse(Destination.plain(address));
  }

  /** For tests: how many destinations have connections in use, if they are limited. */
  int addressesInUse() {
    return pool.addressesInUse();
  }

  /**
   * The proxy that HTTP_PROXY or HTTPS_PROXY names, by the scheme, unless NO_PROXY names the host.
   */
  static @Nullable URI proxyFromEnvironment(Request request, Function<String, String> environment) {
    boolean secure = request.parts.target.scheme().equals("https");
    String value =
        secure
            ? first(environment, "HTTPS_PROXY", "https_proxy")
            : first(environment, "HTTP_PROXY", "http_proxy");
    String host = request.parts.target.host();
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    if (value.isEmpty()
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
