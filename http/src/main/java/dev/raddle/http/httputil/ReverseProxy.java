package dev.raddle.http.httputil;

import dev.raddle.http.AbortHandlerException;
import dev.raddle.http.Handler;
import dev.raddle.http.Headers;
import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.RequestBuilder;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseController;
import dev.raddle.http.ResponseWriter;
import dev.raddle.http.RoundTripper;
import dev.raddle.http.Transport;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Passes requests on to another server and its responses back: Go's {@code httputil.ReverseProxy}.
 *
 * <p>Hop-by-hop headers stay behind, trailers and upgrades, to WebSocket for example, and interim
 * responses pass. A body of unknown length is passed on as it comes. When the client leaves, the
 * request to the other server ends.
 */
public final class ReverseProxy implements Handler {
  private static final String[] HOP_BY_HOP = {
    "Connection",
    "Proxy-Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Te",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade"
  };

  /** Decides where a request goes, and what of it. */
  @FunctionalInterface
  public interface Rewrite {
    /**
     * Changes the outgoing request.
     *
     * @param request both requests
     * @throws IOException answered by the error handler
     */
    void apply(ProxyRequest request) throws IOException;
  }

  /** Looks at a response before it is passed back. */
  @FunctionalInterface
  public interface ResponseFilter {
    /**
     * Changes the headers of the response.
     *
     * @param response what came back
     * @throws IOException answered by the error handler
     */
    void apply(Response response) throws IOException;
  }

  /** Answers when the other server does not. */
  @FunctionalInterface
  public interface ErrorHandler {
    /**
     * Answers.
     *
     * @param w the response
     * @param r the request
     * @param failure why
     */
    void answer(ResponseWriter w, Request r, IOException failure);
  }

  private static final class SharedTransport {
    static final Transport INSTANCE = Transport.builder().disableCompression().build();
  }

  private static final Duration AT_ONCE = Duration.ofNanos(-1);

  private final Rewrite rewrite;
  private RoundTripper transport = request -> SharedTransport.INSTANCE.roundTrip(request);
  private Duration flushInterval = Duration.ZERO;
  private ResponseFilter filter = response -> {};
  private ErrorHandler errors =
      (w, r, e) -> {
        System.getLogger("dev.raddle.http")
            .log(System.Logger.Level.WARNING, "http: proxy error: " + e.getMessage());
        w.writeHeader(Http.STATUS_BAD_GATEWAY);
      };

  /**
   * Makes a proxy.
   *
   * @param rewrite called for each request; at least {@link ProxyRequest#setUrl}
   */
  public ReverseProxy(Rewrite rewrite) {
    this.rewrite = rewrite;
  }

  /**
   * Makes a proxy to one server. Go: {@code NewSingleHostReverseProxy}, but with the target's Host
   * and X-Forwarded headers.
   *
   * @param target for example {@code http://backend:8080}
   * @return the proxy
   */
  public static ReverseProxy to(String target) {
    return new ReverseProxy(
        request -> {
          request.setUrl(target);
          request.setXForwarded();
        });
  }

  /**
   * Sets what sends the requests. Before the first request.
   *
   * @param newTransport usually a {@link Transport} without compression
   * @return this proxy
   */
  public ReverseProxy transport(RoundTripper newTransport) {
    transport = newTransport;
    return this;
  }

  /**
   * Sets what sees responses before they are passed back. Before the first request.
   *
   * @param newFilter may change headers
   * @return this proxy
   */
  public ReverseProxy modifyResponse(ResponseFilter newFilter) {
    filter = newFilter;
    return this;
  }

  /**
   * Sets what answers when there is no response. The default logs and answers 502.
   *
   * @param handler what answers
   * @return this proxy
   */
  public ReverseProxy errorHandler(ErrorHandler handler) {
    errors = handler;
    return this;
  }

  /**
   * Sets how long a piece of a body may wait for more before it is passed on. Streams, which are
   * bodies of unknown length and {@code text/event-stream}, never wait. Go: {@code FlushInterval}.
   * Before the first request.
   *
   * @param interval zero, the default: until a buffer is full; negative: not at all
   * @return this proxy
   */
  public ReverseProxy flushInterval(Duration interval) {
    flushInterval = interval;
    return this;
  }

  @Override
  public void serveHttp(ResponseWriter w, Request r) throws IOException {
    Response response;
    try {
      Request out = outgoing(r).toBuilder().got1xxResponse((s, h) -> interim(w, s, h)).build();
      response = transport.roundTrip(out);
      filterOrClose(response);
    } catch (IOException e) {
      errors.answer(w, r, e);
      return;
    }
    try (response) {
      if (response.status() != Http.STATUS_SWITCHING_PROTOCOLS) {
        copy(w, r, response);
        return;
      }
      Conn upgraded = response.upgraded();
      String asked = upgradeOf(r.headers());
      String given = upgradeOf(response.headers());
      if (upgraded != null && !asked.isEmpty() && asked.equalsIgnoreCase(given)) {
        upgrade(w, response, upgraded);
        return;
      }
      if (upgraded != null) {
        upgraded.close();
      }
      errors.answer(
          w,
          r,
          new IOException(
              "backend tried to switch protocol \""
                  + given
                  + "\" when \""
                  + asked
                  + "\" was requested"));
    }
  }

  /** Early hints and their like pass; what the handler has set for its response stays. */
  private static void interim(ResponseWriter w, int status, Headers headers) {
    Headers out = w.header();
    Headers own = new Headers();
    out.forEach(own::add);
    headers.forEach(out::add);
    w.writeHeader(status);
    headers.forEach((name, value) -> out.del(name));
    own.forEach((name, value) -> out.del(name));
    own.forEach(out::add);
  }

  private void filterOrClose(Response response) throws IOException {
    boolean passed = false;
    try {
      filter.apply(response);
      passed = true;
    } finally {
      if (!passed) {
        response.close();
      }
    }
  }

  private Request outgoing(Request r) throws IOException {
    RequestBuilder out = r.toBuilder().forClient().context(r.context());
    Headers headers = out.headers();
    String upgrade = upgradeOf(r.headers());
    if (!upgrade.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IOException("client tried to switch to an invalid protocol");
    }
    boolean wantsTrailers = headers.get("Te").contains("trailers");
    removeHopByHop(headers);
    if (wantsTrailers) {
      headers.set("Te", "trailers");
    }
    if (!upgrade.isEmpty()) {
      headers.set("Connection", "Upgrade");
      headers.set("Upgrade", upgrade);
    }
    for (String name :
        List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")) {
      headers.del(name);
    }
    rewrite.apply(new ProxyRequest(r, out));
    if (!headers.contains("User-Agent")) {
      headers.set("User-Agent", ""); // not our own name
    }
    return out.build();
  }

  private static String upgradeOf(Headers headers) {
    for (String value : headers.values("Connection")) {
      for (String token : value.split(",", -1)) {
        if (token.strip().equalsIgnoreCase("Upgrade")) {
          return headers.get("Upgrade");
        }
      }
    }
    return "";
  }

  private static void removeHopByHop(Headers headers) {
    for (String value : headers.values("Connection")) {
      for (String name : value.split(",", -1)) {
        if (!name.isBlank()) {
          headers.del(name.strip());
        }
      }
    }
    for (String name : HOP_BY_HOP) {
      headers.del(name);
    }
  }

  private Duration latency(Response response) {
    String type = response.header("Content-Type");
    int end = type.indexOf(';');
    boolean events = (end < 0 ? type : type.substring(0, end)).strip().equals("text/event-stream");
    return events || response.contentLength() < 0 ? AT_ONCE : flushInterval;
  }

  private void copy(ResponseWriter w, Request r, Response response) {
    List<String> announced = response.headers().values("Trailer");
    removeHopByHop(response.headers());
    Headers headers = w.header();
    response.headers().forEach(headers::add);
    if (!announced.isEmpty()) {
      headers.add("Trailer", String.join(", ", announced));
      if (r.protoMajor() == 1 && !r.method().equals(Http.METHOD_HEAD)) {
        headers.del("Content-Length"); // which HTTP/2 has beside trailers; HTTP/1 sends chunks
      }
    }
    w.writeHeader(response.status());
    byte[] piece = new byte[32 << 10];
    FlushingWriter out = new FlushingWriter(w, latency(response));
    try {
      out.start();
      InputStream body = response.body();
      for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
        out.write(piece, n);
      }
    } catch (IOException e) {
      throw new AbortHandlerException(); // the client must see that something is missing
    } finally {
      out.stop();
    }
    response.trailer().forEach((name, value) -> headers.add("Trailer:" + name, value));
  }

  private static void upgrade(ResponseWriter w, Response response, Conn server) throws IOException {
    try (server;
        Conn client = new ResponseController(w).hijack()) {
      StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
      response
          .headers()
          .forEach(
              (name, value) ->
                  head.append(name).append(": ").append(HeaderText.sendable(value)).append("\r\n"));
      client.write(
          ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)));
      Tunnel.run(client, server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
