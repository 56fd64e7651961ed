package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.Handler;
import dev.raddle.http.Headers;
import dev.raddle.http.Response;
import dev.raddle.http2.Pair.Mode;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Requests, by all protocols alike, with server and client of ours. Follows what Go runs in several
 * modes of serve_test.go, transport_test.go and clientserver_test.go.
 */
@Timeout(60)
class ModesRequestTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Follows TestSetsRemoteAddr, TestTransportUserAgent, TestGetBody and TestCaseSensitiveMethod.
   */
  @ParameterizedTest
  @EnumSource
  void aRequestArrivesAsItWas(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          seen.add(r.method() + " " + r.requestUri() + " " + r.host() + " " + r.header("A-B"));
          seen.add(r.userAgent() + " " + r.remoteAddress().startsWith("127.0.0.1:"));
          seen.add(Fixture.read(r) + " " + r.contentLength());
          w.write(r.proto());
        };
    try (Pair pair = Pair.of(mode, handler)) {
      String host = pair.url().substring(pair.url().indexOf("//") + 2);
      assertEquals(
          mode.proto(),
          pair.send(pair.to("GET", "/x%2Fy?z=%20").header("a-b", "c").body("body")).text());
      assertEquals("GET /x%2Fy?z=%20 " + host + " c", seen());
      assertTrue(seen().matches("\\S+ true"));
      assertEquals("body 4", seen());
      pair.send(pair.to("get", "/").header("User-Agent", "me").host("other.test")).close();
      assertEquals("get / other.test ", seen());
      assertEquals("me true", seen());
      assertEquals(" 0", seen());
      pair.send(pair.to("GET", "/").header("User-Agent", "")).close();
      seen();
      assertEquals(" true", seen());
    }
  }

  /** Follows TestH12_RequestContentLength_Known_NonZero, _Known_Zero and _Unknown. */
  @ParameterizedTest
  @EnumSource
  void theLengthOfABodyIsToldIfItIsKnown(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> w.write(r.contentLength() + " " + r.headers().contains("Content-Length"));
    try (Pair pair = Pair.of(mode, handler)) {
      assertEquals("4 true", pair.send(pair.to("POST", "/").body("FOUR")).text());
      assertEquals("0 true", pair.send(pair.to("POST", "/").body("")).text());
      assertEquals("0 false", pair.get("/").text());
      InputStream some = new ByteArrayInputStream(new byte[4]);
      assertEquals("-1 false", pair.send(pair.to("POST", "/").body(some, -1)).text());
    }
  }

  /** Follows TestTrailersClientToServer. */
  @ParameterizedTest
  @EnumSource
  void trailersFollowTheBodyOfARequest(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          seen.add(r.trailer().contains("Client-Trailer-A") + r.trailer().get("Client-Trailer-A"));
          seen.add(Fixture.read(r));
          w.write(r.trailer().get("Client-Trailer-A") + r.trailer().get("Client-Trailer-B"));
        };
    try (Pair pair = Pair.of(mode, handler)) {
      Headers trailer = new Headers();
      trailer.set("Client-Trailer-A", "");
      trailer.set("Client-Trailer-B", "");
      InputStream body =
          new FilterInputStream(new ByteArrayInputStream("foo".getBytes(StandardCharsets.UTF_8))) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
              int n = super.read(target, offset, length);
              if (n < 0) {
                trailer.set("Client-Trailer-A", "valuea");
                trailer.set("Client-Trailer-B", "valueb");
              }
              return n;
            }
          };
      String answer = pair.send(pair.to("POST", "/").body(body, -1).trailer(trailer)).text();
      assertEquals("valueavalueb", answer);
      assertEquals("true", seen());
      assertEquals("foo", seen());
    }
  }

  /** Follows TestRequestLimit and TestRequestHeaderValueCountLimit. */
  @ParameterizedTest
  @EnumSource
  void headsAreLimited(Mode mode) throws Exception {
    Handler handler = (w, r) -> seen.add("handler");
    try (Pair pair =
        Pair.ofServer(mode, handler, s -> s.maxHeaderBytes(10_000).maxHeaderValues(50))) {
      pair.get("/").close(); // then the client has read what the server takes
      assertEquals("handler", seen());
      var large = pair.to("GET", "/");
      for (int i = 0; i < 20; i++) {
        large.header("Header-" + i, "x".repeat(990));
      }
      if (mode.isHttp2()) {
        IOException e = assertThrows(IOException.class, () -> pair.send(large).close());
        assertTrue(String.valueOf(e.getMessage()).contains("limit"), e.toString());
      } else {
        try (Response response = pair.send(large)) {
          assertEquals(431, response.status());
        }
      }
      var many = pair.to("GET", "/");
      for (int i = 0; i < 60; i++) {
        many.headers().add("a", "");
      }
      try (Response response = pair.send(many)) {
        assertEquals(431, response.status());
      }
      pair.get("/").close();
      assertEquals("handler", seen());
      assertTrue(seen.isEmpty());
    }
  }

  /** Follows TestServerRequestContextCancel_ConnClose, TestCancelRequestMidBody. */
  @ParameterizedTest
  @EnumSource
  void theContextOfAHandlerEndsWhenItsClientGivesUp(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.write("Hello");
          w.flush();
          r.context().done().recv();
          seen.add(String.valueOf(r.context().err() != null));
        };
    try (Pair pair = Pair.of(mode, handler)) {
      try (CancelContext ctx = Context.background().withCancel();
          Response response = pair.send(pair.to("GET", "/").context(ctx))) {
        assertEquals("Hello", text(response.body().readNBytes(5)));
        ctx.cancel(null);
        assertThrows(IOException.class, () -> response.body().read());
        assertEquals("true", seen());
      }
      try (Response response = pair.get("/")) {
        assertEquals('H', response.body().read());
      }
      assertEquals("true", seen()); // the close of a body that has not ended
    }
  }

  /** Follows TestServerRequestContextCancel_ServeHTTPDone. */
  @ParameterizedTest
  @EnumSource
  void theContextOfAHandlerEndsWithIt(Mode mode) throws Exception {
    CompletableFuture<Context> context = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          seen.add(String.valueOf(r.context().err()));
          context.complete(r.context());
        };
    try (Pair pair = Pair.of(mode, handler)) {
      pair.get("/").close();
      assertEquals("null", seen());
      await(context).done().recv();
    }
  }

  /** Follows TestStarRequestMethod: the server answers OPTIONS itself, and nothing else. */
  @ParameterizedTest
  @EnumSource
  void aRequestMayBeForTheServerAsAWhole(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          seen.add(r.method() + " " + r.requestUri());
          w.header().set("Foo", "bar");
          w.flush();
        };
    try (Pair pair = Pair.of(mode, handler)) {
      try (Response options = pair.send(pair.to("OPTIONS", "").escapedPath("*"))) {
        assertEquals(200, options.status());
        assertEquals(0, options.contentLength());
        assertEquals("", options.header("Foo"));
      }
      try (Response other = pair.send(pair.to("FOO", "").escapedPath("*"))) {
        assertEquals(200, other.status());
        assertEquals("bar", other.header("Foo"));
      }
      assertEquals("FOO *", seen());
      assertTrue(seen.isEmpty());
    }
  }

  /** Follows TestRequestTrailerHeaderValueCountLimit. */
  @ParameterizedTest
  @EnumSource
  void linesOfATrailerAreLimited(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          try {
            seen.add(Fixture.read(r));
          } catch (IOException e) {
            seen.add("refused");
          }
        };
    try (Pair pair = Pair.ofServer(mode, handler, s -> s.maxHeaderValues(20))) {
      for (int lines : new int[] {10, 30}) {
        Headers trailer = new Headers();
        for (int i = 0; i < lines; i++) {
          trailer.add("X-Repeated", "x");
        }
        InputStream body = new ByteArrayInputStream(new byte[] {'x'});
        CompletableFuture<Response> sent =
            FrameServer.send(
                pair.transport, pair.to("POST", "/").body(body, -1).trailer(trailer).build());
        if (lines == 30 && !mode.isHttp2()) { // the names in the head count, too
          assertEquals(431, await(sent).status());
        } else {
          assertEquals(lines == 10 ? "x" : "refused", seen());
          sent.handle((response, e) -> "ended").get(20, TimeUnit.SECONDS);
        }
      }
    }
  }
}
