package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.http.internal.Output;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows Go's transport_test.go. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class TransportTest {
  private static void address(ResponseWriter w, Request r) throws IOException {
    r.body().readAllBytes();
    w.write(r.remoteAddress());
  }

  private static TransportBuilder builder() {
    return Transport.builder().proxy(r -> null);
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  private static String text(Transport t, Request r) throws IOException {
    return t.roundTrip(r).text();
  }

  /** Serves canned bytes to each connection, after a head has come; then closes. */
  private static Listener canned(String... answers) throws IOException {
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    Go.go(
        () -> {
          for (String answer : answers) {
            try (Conn conn = listener.accept()) {
              StringBuilder head = new StringBuilder();
              ByteBuffer buffer = ByteBuffer.allocate(4096);
              while (head.indexOf("\r\n\r\n") < 0 && conn.read(buffer.clear()) > 0) {
                head.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
              }
              conn.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
              conn.closeWrite();
              while (conn.read(buffer.clear()) > 0) {
                buffer.clear();
              }
            }
          }
        });
    return listener;
  }

  private static String url(Listener listener) {
    return "http://" + HostPort.of(listener.address()) + "/";
  }

  /** Follows TestTransportKeepAlives and TestTransportReadToEndReusesConn. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connectionsAreKeptUnlessTold(boolean keep) throws IOException {
    try (TestServer server = TestServer.start(TransportTest::address);
        Transport t = keep ? builder().build() : builder().disableKeepAlives().build()) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        seen.add(text(t, get(server.url())));
      }
      assertEquals(keep ? 1 : 3, seen.size());
      t.closeIdleConnections();
      assertTrue(seen.add(text(t, get(server.url()))));
    }
  }

  /** Follows TestTransportConnectionCloseOnRequest and ...OnResponse. */
  @Test
  void eitherSideMayCloseAfterwards() throws IOException {
    Handler handler =
        (w, r) -> {
          if (!r.query("close").isEmpty()) {
            w.header().set("Connection", "close");
          }
          address(w, r);
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      String first = text(t, get(server.url() + "?close=1"));
      Request closing = Request.to("GET", server.url()).header("Connection", "close").build();
      String second = text(t, closing);
      String third = text(t, get(server.url()));
      assertEquals(3, Set.of(first, second, third).size());
    }
  }

  /** Follows TestTransportNotReadToEndConnectionReuse: such a connection is not used again. */
  @Test
  void aBodyThatIsNotReadCostsItsConnection() throws IOException {
    Handler handler =
        (w, r) -> {
          w.header().set("From", r.remoteAddress());
          w.write(new byte[100_000]);
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      Response first = t.roundTrip(get(server.url()));
      first.close();
      assertThrows(IOException.class, () -> first.body().read());
      try (Response second = t.roundTrip(get(server.url()))) {
        assertNotEquals(first.header("From"), second.header("From"));
      }
    }
  }

  /** Follows TestTransportMaxConnsPerHost. */
  @Test
  void connectionsToAHostAreLimited() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Handler handler =
        (w, r) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Go.sleep(Duration.ofMillis(2));
          now.decrementAndGet();
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().maxConnsPerHost(2).build()) {
      CountDownLatch done = new CountDownLatch(20);
      for (int i = 0; i < 20; i++) {
        Go.go(
            () -> {
              text(t, get(server.url()));
              done.countDown();
            });
      }
      done.await();
      assertTrue(most.get() <= 2, "at a time: " + most);
    }
  }

  /** Follows TestTransportMaxConnsPerHostDialCancellation. */
  @Test
  void waitingForAConnectionEndsWithTheContext() throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    try (TestServer server = TestServer.start((w, r) -> stop.await());
        Transport t = builder().maxConnsPerHost(1).build();
        CancelContext brief = Context.background().withTimeout(Duration.ofMillis(50))) {
      Go.go(() -> text(t, get(server.url())));
      while (t.inUse(HostPort.of(server.server().address()).toString()) == 0) {
        Go.gosched();
      }
      Request waiting = Request.to("GET", server.url()).context(brief).build();
      assertThrows(IOException.class, () -> t.roundTrip(waiting));
      stop.countDown();
    }
  }

  /** Follows TestTransportMaxPerHostIdleConns and TestTransportMaxIdleConns. */
  @ParameterizedTest
  @CsvSource({"100, 2, 2", "100, 5, 5", "1, 5, 1"})
  void onlySoManyConnectionsAreKept(int all, int perHost, int kept) throws Exception {
    CountDownLatch together = new CountDownLatch(5);
    Handler handler =
        (w, r) -> {
          together.countDown();
          together.await();
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().maxIdleConns(all).maxIdleConnsPerHost(perHost).build()) {
      CountDownLatch done = new CountDownLatch(5);
      for (int i = 0; i < 5; i++) {
        Go.go(
            () -> {
              text(t, get(server.url()));
              done.countDown();
            });
      }
      done.await();
      assertEquals(kept, t.idleConnections());
    }
  }

  /** Follows TestTransportIdleConnTimeout and TestTransportRemovesConnsAfterIdle. */
  @Test
  void aConnectionIsNotKeptForEver() throws Exception {
    try (TestServer server = TestServer.start(TransportTest::address);
        Transport t = builder().idleConnTimeout(Duration.ofMillis(20)).build()) {
      text(t, get(server.url()));
      while (t.idleConnections() > 0) { // ends by the time limit of the class
        Go.sleep(Duration.ofMillis(5));
      }
    }
  }

  /** Follows TestTransportRemovesDeadIdleConnections and TestTransportServerClosingUnexpectedly. */
  @Test
  void aConnectionThatTheServerClosesIsDropped() throws Exception {
    try (TestServer server = TestServer.start(TransportTest::address);
        Transport t = builder().build()) {
      text(t, get(server.url()));
      server.server().setKeepAlivesEnabled(false);
      while (t.idleConnections() > 0) { // ends by the time limit of the class
        Go.sleep(Duration.ofMillis(5));
      }
      assertFalse(text(t, get(server.url())).isEmpty());
    }
  }

  /** Follows TestStressSurpriseServerCloses: requests that may be sent twice are. */
  @Test
  void aServerThatClosesBehindOurBackIsAskedAgain() throws Exception {
    Handler rude =
        (w, r) -> {
          w.header().set("Content-Length", "5");
          w.write("Hello");
          w.flush();
          new ResponseController(w).hijack().close();
        };
    try (TestServer server = TestServer.start(rude);
        Transport t = builder().build()) {
      for (int i = 0; i < 100; i++) {
        assertEquals("Hello", text(t, get(server.url())));
      }
    }
  }

  /** Follows TestRoundTripGzip, TestTransportGzip, TestTransportRangeAndGzip. */
  @ParameterizedTest
  @CsvSource({"'', '', true", "identity, '', false", "gzip, '', false", "'', bytes=0-1, false"})
  void packedBodiesAreUnpackedIfTheTransportAsked(String accept, String range, boolean unpacked)
      throws IOException {
    Handler handler =
        (w, r) -> {
          assertEquals(unpacked ? "gzip" : accept, r.header("Accept-Encoding"));
          w.header().set("Content-Encoding", "gzip");
          w.write(gzip("hello"));
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      RequestBuilder request = Request.to("GET", server.url());
      if (!accept.isEmpty()) {
        request.header("Accept-Encoding", accept);
      }
      if (!range.isEmpty()) {
        request.header("Range", range);
      }
      try (Response response = t.roundTrip(request.build())) {
        assertEquals(unpacked, response.uncompressed());
        assertEquals(unpacked ? "" : "gzip", response.header("Content-Encoding"));
        if (unpacked) {
          assertEquals(-1, response.contentLength());
          assertEquals("hello", response.text());
        }
      }
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** Follows TestTransportGzipShort. */
  @Test
  void aPackedBodyThatIsCutOffFails() throws IOException {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Encoding", "gzip");
          w.write(gzip("hello"), 0, 15);
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      assertThrows(IOException.class, () -> text(t, get(server.url())));
    }
  }

  /** Follows TestTransportExpect100Continue...: sent on 100, on silence, not on a refusal. */
  @ParameterizedTest
  @CsvSource({"/read, 200, 4", "/refuse, 500, 0"})
  void theBodyWaitsForContinue(String path, int status, int length) throws IOException {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/refuse")) {
            w.writeHeader(500);
          } else {
            w.write("" + r.body().readAllBytes().length);
          }
        };
    AtomicBoolean opened = new AtomicBoolean();
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().expectContinueTimeout(Duration.ofSeconds(20)).build()) {
      Request request =
          Request.to("PUT", server.url() + path)
              .header("Expect", "100-continue")
              .body(
                  () -> {
                    opened.set(true);
                    return new ByteArrayInputStream(new byte[4]);
                  },
                  4)
              .build();
      try (Response response = t.roundTrip(request)) {
        assertEquals(status, response.status());
        assertEquals(length == 0 ? "" : "4", response.text());
        assertEquals(length > 0, opened.get());
      }
    }
  }

  /** Follows TestTransportResponseHeaderTimeout. */
  @Test
  void aLateHeadIsATimeout() throws IOException {
    CountDownLatch stop = new CountDownLatch(1);
    try (TestServer server = TestServer.start((w, r) -> stop.await());
        Transport t = builder().responseHeaderTimeout(Duration.ofMillis(50)).build()) {
      SocketTimeoutException e =
          assertThrows(SocketTimeoutException.class, () -> t.roundTrip(get(server.url())));
      assertEquals("net/http: timeout awaiting response headers", e.getMessage());
      stop.countDown();
    }
  }

  /**
   * Follows TestTransportIgnore1xxResponses, TestTransportLimits1xxResponses, Reading100Continue.
   */
  @Test
  void interimResponsesArePassedOverUnlessTheyNeverEnd() throws Exception {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    String last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    try (Listener l = canned(early + early + last, early.repeat(500) + last);
        Transport t = builder().build()) {
      assertEquals("ok", text(t, get(url(l))));
      assertThrows(IOException.class, () -> text(t, get(url(l))));
    }
  }

  /** Follows TestTransportTreat101Terminal and ...BodyWritableOnProtocolSwitch. */
  @Test
  void switchingProtocolsGivesTheConnection() throws Exception {
    Handler handler =
        (w, r) -> {
          Conn conn = new ResponseController(w).hijack();
          conn.write(
              ByteBuffer.wrap(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\nfoo"
                      .getBytes(StandardCharsets.UTF_8)));
          ByteBuffer buffer = ByteBuffer.allocate(3);
          conn.read(buffer);
          conn.write(buffer.flip());
          conn.close();
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build();
        Response response = t.roundTrip(get(server.url()))) {
      assertEquals(101, response.status());
      try (Conn conn = Objects.requireNonNull(response.upgraded())) {
        conn.write(ByteBuffer.wrap("bar".getBytes(StandardCharsets.UTF_8)));
        StringBuilder all = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(10);
        while (conn.read(buffer.clear()) > 0) {
          all.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
        }
        assertEquals("foobar", all.toString());
      }
    }
  }

  /** Follows TestInvalidHeaderResponse, TestTransportRejectsSignInContentLength, MissingStatus. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nFoo : bar\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 \r\n\r\n",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n",
        "",
      })
  void malformedResponsesFail(String response) throws IOException {
    try (Listener l = canned(response);
        Transport t = builder().build()) {
      assertThrows(IOException.class, () -> text(t, get(url(l))));
    }
  }

  /** Follows TestTransportResponseHeaderLength. */
  @Test
  void theHeadOfAResponseIsLimited() throws IOException {
    try (Listener l = canned("HTTP/1.1 200 OK\r\nA: " + "x".repeat(5000) + "\r\n\r\n");
        Transport t = builder().maxResponseHeaderBytes(1000).build()) {
      assertThrows(IOException.class, () -> t.roundTrip(get(url(l))));
    }
  }

  /** Follows response_test.go's framings, TestChunkedNoContent, TestNoBodyOnChunked304Response. */
  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.0 200 OK\r\n\r\nto the end', 'to the end'",
    "'HTTP/1.1 200 OK\r\n\r\nto the end', 'to the end'",
    "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: v\r\n\r\n', ab",
    "'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n', ''",
    "'HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n', ''",
    "'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx', x",
  })
  void bodiesEndAsTheyShould(String response, String body) throws IOException {
    try (Listener l = canned(response);
        Transport t = builder().build()) {
      assertEquals(body, text(t, get(url(l))));
    }
  }

  /** Follows TestTransportProxy: the request line is absolute, and the name is passed. */
  @Test
  void requestsGoThroughAProxy() throws IOException {
    Handler proxy =
        (w, r) -> w.write(r.requestUri() + " " + r.header("Proxy-Authorization") + " " + r.host());
    try (TestServer server = TestServer.start(proxy);
        Transport t =
            Transport.builder()
                .proxy(r -> URI.create(server.url().replace("://", "://u:p@")))
                .build()) {
      assertEquals(
          "http://nowhere.example/a?b Basic dTpw nowhere.example",
          text(t, get("http://nowhere.example/a?b")));
    }
  }

  /** Follows TestProxyFromEnvironment and ...LowerCase. */
  @ParameterizedTest
  @CsvSource({
    "'', '', http://example.com/, ''",
    "127.0.0.1:8080, '', http://example.com/, http://127.0.0.1:8080",
    "http://cache:90, '', http://example.com/, http://cache:90",
    "cache, example.net, http://example.com/, http://cache",
    "cache, example.com, http://example.com/, ''",
    "cache, 'x, .example.com', http://a.example.com:80/, ''",
    "cache, example.com, http://a.example.com/, ''",
    "cache, example.com, http://xexample.com/, http://cache",
    "cache, *, http://example.com/, ''",
    "cache, '', http://localhost:90/, ''",
    "cache, '', http://127.0.0.1/, ''",
    "cache, '', https://example.com/, http://secure",
    "cache, example.com, https://example.com/, ''",
  })
  void theEnvironmentNamesAProxy(String proxy, String not, String url, String expected) {
    for (Map<String, String> env :
        List.of(
            Map.of("HTTP_PROXY", proxy, "HTTPS_PROXY", "secure", "NO_PROXY", not),
            Map.of("http_proxy", proxy, "https_proxy", "secure", "no_proxy", not))) {
      URI chosen = Transport.proxyFromEnvironment(get(url), name -> env.getOrDefault(name, ""));
      assertEquals(expected, chosen == null ? "" : chosen.toString());
    }
  }

  /** Follows TestTransportClosesRequestBody and TestTransportClosesBodyOnError. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theBodyOfARequestIsClosed(boolean reachable) throws Exception {
    AtomicInteger closed = new AtomicInteger();
    InputStream body =
        new ByteArrayInputStream(new byte[4]) {
          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    try (TestServer server = TestServer.start(TransportTest::address);
        Transport t =
            builder()
                .dialer(
                    reachable
                        ? (context, address) -> Net.dial(context, "tcp", address)
                        : (context, address) -> {
                          throw new IOException("no way");
                        })
                .build()) {
      Request request = Request.to("POST", server.url()).body(body, 4).build();
      if (reachable) {
        text(t, request);
      } else {
        assertEquals(
            "no way", assertThrows(IOException.class, () -> text(t, request)).getMessage());
      }
      assertEquals(1, closed.get());
    }
  }

  /** Follows requestwrite_test.go: what goes over the wire. */
  @Test
  void requestsAreWrittenInGosOrder() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    var out =
        new Output(
            source -> {
              byte[] piece = new byte[source.remaining()];
              source.get(piece);
              bytes.write(piece, 0, piece.length);
            });
    Headers trailer = new Headers();
    trailer.set("T", "v");
    Request r =
        Request.to("POST", "http://h:1/p%20q?x=y")
            .header("B", "2")
            .header("a", "1")
            .body(new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)), -1)
            .trailer(trailer)
            .build();
    RequestWriter writer = new RequestWriter(out);
    writer.head(r, false, true, false);
    writer.body(r);
    assertEquals(
        "POST /p%20q?x=y HTTP/1.1\r\nHost: h:1\r\nUser-Agent: Raddle-http-client/1.1\r\n"
            + "Transfer-Encoding: chunked\r\nTrailer: T\r\nA: 1\r\nB: 2\r\n"
            + "Accept-Encoding: gzip\r\n\r\n5\r\nhello\r\n0\r\nT: v\r\n\r\n",
        bytes.toString(StandardCharsets.ISO_8859_1));
  }

  /** Follows TestTransportRequestWriteRoundTrip and issue 6157: a length that is a lie. */
  @ParameterizedTest
  @ValueSource(longs = {3, 7})
  void aBodyOfAnotherLengthFails(long length) throws IOException {
    try (TestServer server = TestServer.start(TransportTest::address);
        Transport t = builder().build()) {
      Request r =
          Request.to("POST", server.url())
              .body(new ByteArrayInputStream(new byte[5]), length)
              .build();
      assertThrows(IOException.class, () -> text(t, r));
    }
  }
}
