package dev.raddle.http.httputil;

import dev.raddle.Chan;
import dev.raddle.Go;
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
import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Passes requests on to another server and its responses back: Go's {@code httputil.ReverseProxy}.
 *
 * <p>Hop-by-hop headers stay behind, trailers and upgrades, to WebSocket for example, pass. A body
 * is passed on as it comes. When the client leaves, the request to the other server ends.
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

  private final Rewrite rewrite;
  private RoundTripper transport = request -> SharedTransport.INSTANCE.roundTrip(request);
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

  @Override
  public void serveHttp(ResponseWriter w, Request r) throws IOException {
    Response response;
    try {
      response = transport.roundTrip(outgoing(r));
      filterOrClose(response);
    } catch (IOException e) {
      errors.answer(w, r, e);
      return;
    }
    try (response) {
      Conn upgraded = response.upgraded();
      if (upgraded != null) {
        upgrade(w, response, upgraded);
      } else {
        copy(w, response);
      }
    }
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

  private static void copy(ResponseWriter w, Response response) {
    List<String> announced = response.headers().values("Trailer");
    removeHopByHop(response.headers());
    Headers headers = w.header();
    response.headers().forEach(headers::add);
    if (!announced.isEmpty()) {
      headers.add("Trailer", String.join(", ", announced));
    }
    w.writeHeader(response.status());
    byte[] piece = new byte[32 << 10];
    try {
      InputStream body = response.body();
      for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
        w.write(piece, 0, n);
        if (body.available() == 0) {
          w.flush(); // whatever comes next may take its time
        }
      }
    } catch (IOException e) {
      throw new AbortHandlerException(); // the client must see that something is missing
    }
    response.trailer().forEach((name, value) -> headers.add("Trailer:" + name, value));
  }

  private static void upgrade(ResponseWriter w, Response response, Conn server) throws IOException {
    try (server;
        Conn client = new ResponseController(w).hijack()) {
      StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
      response
          .headers()
          .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      client.write(
          ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)));
      Chan<Boolean> done = Chan.make(2);
      Go.go(() -> pump(client, server, done));
      Go.go(() -> pump(server, client, done));
      done.recv();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Conn from, Conn to, Chan<Boolean> done) throws InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    try {
      while (from.read(buffer.clear()) >= 0) {
        to.write(buffer.flip());
      }
    } catch (IOException e) {
      // One side is gone; so will be the other.
    } finally {
      done.send(true);
    }
  }
}
