package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.ResponseRecorder;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handlers that wrap others, and what a handler can do beyond writing. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class HandlersTest {
  private static ResponseRecorder ask(Handler handler, Request request) throws Exception {
    ResponseRecorder recorder = new ResponseRecorder();
    handler.serveHttp(recorder, request);
    return recorder;
  }

  private static Request get(String target) {
    return Request.received("GET", target).build();
  }

  /** Follows TestStripPrefix and TestStripPrefixNotModifyRequest. */
  @Test
  void stripPrefixTakesItOffAPath() throws Exception {
    Handler echo = (w, r) -> w.write(r.path() + " " + r.escapedPath());
    Request request = get("/foo/b%2Fr");
    assertEquals("/b/r /b%2Fr", ask(Http.stripPrefix("/foo", echo), request).body());
    assertEquals("/foo/b/r", request.path());
    assertEquals(404, ask(Http.stripPrefix("/bar", echo), request).status());
    assertEquals(404, ask(Http.stripPrefix("/foo/b/", echo), request).status());
    assertEquals("/foo/b/r /foo/b%2Fr", ask(Http.stripPrefix("", echo), request).body());
  }

  /** Follows TestTimeoutHandler. */
  @Test
  void aHandlerThatTakesTooLongIsAnswered503AndItsWritesFail() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    CountDownLatch goOn = new CountDownLatch(1);
    Handler slow =
        Http.timeoutHandler(
            (w, r) -> {
              r.context().done().recv();
              goOn.await();
              failure.complete(
                  assertThrows(UncheckedIOException.class, () -> w.write("late")).getCause());
            },
            Duration.ofMillis(20),
            "too late");
    ResponseRecorder answer = ask(slow, get("/"));
    goOn.countDown();
    assertEquals(503, answer.status());
    assertEquals("too late", answer.body());
    assertEquals("http: Handler timeout", failure.get(10, TimeUnit.SECONDS).getMessage());
  }

  /** Follows TestTimeoutHandlerEmptyResponse, ...PanicRecovery, ...ContextCanceled. */
  @Test
  void aHandlerInTimeIsPassedOnWholeOrWithItsFailure() throws Exception {
    Duration long30 = Duration.ofSeconds(30);
    ResponseRecorder made =
        ask(
            Http.timeoutHandler(
                (w, r) -> {
                  w.header().set("X", "y");
                  w.writeHeader(201);
                  w.write("body");
                },
                long30,
                ""),
            get("/"));
    assertEquals(
        "201 y body", made.status() + " " + made.sentHeaders().get("X") + " " + made.body());
    assertEquals(200, ask(Http.timeoutHandler((w, r) -> {}, long30, ""), get("/")).status());
    Handler failing =
        Http.timeoutHandler(
            (w, r) -> {
              throw new IllegalStateException("boom");
            },
            long30,
            "");
    assertThrows(IllegalStateException.class, () -> ask(failing, get("/")));
    CancelContext ended = Context.background().withCancel();
    ended.cancel();
    Handler waiting = Http.timeoutHandler((w, r) -> new CountDownLatch(1).await(), long30, "late");
    ResponseRecorder canceled = ask(waiting, Request.received("GET", "/").context(ended).build());
    assertEquals("503 ", canceled.status() + " " + canceled.body());
  }

  /** Follows TestRequestBodyLimit, TestMaxBytesHandler and TestMaxBytesReaderStickyError. */
  @Test
  void aBodyBeyondItsLimitFailsAndClosesTheConnection() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    Handler handler =
        Http.maxBytesHandler(
            (w, r) -> {
              for (int i = 0; i < 2; i++) {
                failures.add(assertThrows(IOException.class, () -> r.body().readAllBytes()));
              }
              Http.error(w, "too large", Http.STATUS_REQUEST_ENTITY_TOO_LARGE);
            },
            10);
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n01234567890");
      String answer = client.readAll();
      assertTrue(answer.startsWith("HTTP/1.1 413 Request Entity Too Large\r\n"), answer);
      assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
    }
    assertEquals(10, assertInstanceOf(MaxBytesException.class, failures.get(1)).limit());
  }

  /** Follows TestIssue10884_MaxBytesEOF and TestMaxBytesReaderDifferentLimits. */
  @ParameterizedTest
  @CsvSource({"0, 0, true", "5, 5, true", "6, 5, false", "1, 0, false", "1, -1, false"})
  void exactlyTheLimitPasses(int length, long limit, boolean passes) throws Exception {
    Request r = Request.received("POST", "/").body("x".repeat(length)).build();
    var body = Http.maxBytesReader(new ResponseRecorder(), r.body(), limit);
    if (passes) {
      assertEquals(length, body.readAllBytes().length);
    } else {
      assertThrows(MaxBytesException.class, body::readAllBytes);
    }
  }

  /** Follows TestRedirect, ...EscapedPath and TestMuxRedirectRelative: relative URLs. */
  @ParameterizedTest
  @CsvSource({
    "/qux/, http://foobar.com/baz, http://foobar.com/baz",
    "/qux/, ../quux/foobar/baz, /quux/foobar/baz",
    "/qux/, foo, /qux/foo",
    "/qux, foo, /foo",
    "/a/b, ?x=1, /a/?x=1",
    "/, 'x y', '/x y'",
    "/, //other.example/p, //other.example/p",
    "/, /a/../b/, /b/",
    "/, /x?q=http://y/, /x?q=http://y/",
    "/foo%2Fbar/, qux%2Fbaz, /foo%2Fbar/qux%2Fbaz",
  })
  void redirectsAreJoinedToThePath(String path, String url, String location) throws Exception {
    ResponseRecorder answer = ask((w, r) -> Http.redirect(w, r, url, 302), get(path));
    assertEquals(location, answer.sentHeaders().get("Location"));
    assertEquals(302, answer.status());
  }

  /** Follows TestRedirectContentTypeAndBody. */
  @ParameterizedTest
  @CsvSource({
    "GET, '', text/html; charset=utf-8, '<a href=\"/foo\">Found</a>.\n\n'",
    "HEAD, '', text/html; charset=utf-8, ''",
    "POST, '', '', ''",
    "GET, application/test, application/test, ''",
  })
  void redirectsToGetHaveALink(String method, String set, String type, String body)
      throws Exception {
    Handler handler =
        (w, r) -> {
          if (!set.isEmpty()) {
            w.header().set("Content-Type", set);
          }
          Http.redirect(w, r, "/foo", 302);
        };
    ResponseRecorder answer = ask(handler, Request.received(method, "/").build());
    assertEquals(type, answer.sentHeaders().get("Content-Type"));
    assertEquals(body.strip(), answer.body().strip());
  }

  /** Follows TestTrailersServerToClient and TestTrailersServerToClient_Flush. */
  @Test
  void trailersFollowTheBodyAnnouncedOrNot() throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Trailer", "Server-Trailer-A, Content-Length");
          w.write("body");
          w.header().set("Server-Trailer-A", "a");
          w.header().set("Trailer:Other", "o");
          w.header().set("Late", "no trailer");
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      String answer = client.readAll();
      assertTrue(answer.contains("\r\nTransfer-Encoding: chunked\r\n"), answer);
      assertTrue(
          answer.endsWith("4\r\nbody\r\n0\r\nOther: o\r\nServer-Trailer-A: a\r\n\r\n"), answer);
    }
  }

  /** Follows TestTrailersClientToServer: names first, values when the body has been read. */
  @Test
  void trailersOfARequestComeWithTheEndOfItsBody() throws Exception {
    List<String> seen = new ArrayList<>();
    Handler handler =
        (w, r) -> {
          seen.add(r.trailer().contains("A") + " " + r.trailer().get("A"));
          r.body().readAllBytes();
          seen.add(r.trailer().get("A") + " " + r.trailer().get("B"));
          w.write("ok");
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: x\r\nTrailer: A\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "1\r\nx\r\n0\r\na: 1\r\nb: 2\r\n\r\n");
      assertTrue(client.read(2).endsWith("ok"));
    }
    assertEquals(List.of("true ", "1 2"), seen);
  }

  /** Follows TestRequestHeaderValueCountLimit. */
  @ParameterizedTest
  @CsvSource({"9, 200", "10, 431"})
  void headerLinesAreCounted(int more, int status) throws Exception {
    try (TestServer server =
            TestServer.start(Server.builder().maxHeaderValues(10).handler((w, r) -> {}));
        RawClient client = new RawClient(server.server().address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(more) + "\r\n").endOutput();
      assertTrue(client.readAll().startsWith("HTTP/1.1 " + status + " "));
    }
  }

  /** Follows TestServerHijackGetsBackgroundByte and TestServerHijackGetsFullBody. */
  @Test
  void aHijackedConnectionGivesWhatTheServerHasReadAhead() throws Exception {
    Handler handler =
        (w, r) -> {
          assertNull(r.context().err()); // watches from now on
          Conn conn = new ResponseController(w).hijack();
          assertThrows(IllegalStateException.class, () -> w.write("x"));
          assertThrows(IllegalStateException.class, () -> new ResponseController(w).hijack());
          StringBuilder text = new StringBuilder();
          ByteBuffer buffer = ByteBuffer.allocate(3);
          while (text.length() < 8) {
            conn.read(buffer.clear());
            text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
          }
          conn.write(ByteBuffer.wrap(text.append("!").toString().getBytes(StandardCharsets.UTF_8)));
          conn.close();
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody").send("more");
      assertEquals("bodymore!", client.readAll());
    }
  }

  /** Follows TestServerFlushAndHijack and TestHandlerPanicWithHijack. */
  @Test
  void whatWasFlushedBeforeAHijackIsSentAndAFailureAfterItClosesNothing() throws Exception {
    CompletableFuture<Conn> hijacked = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          w.write("Hello, ");
          w.flush();
          hijacked.complete(new ResponseController(w).hijack());
          throw new IllegalStateException("after the hijack");
        };
    LogLines log = new LogLines();
    try (TestServer server = TestServer.start(Server.builder().errorLog(log).handler(handler));
        RawClient client = new RawClient(server.server().address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      try (Conn conn = hijacked.get(10, TimeUnit.SECONDS)) {
        conn.write(ByteBuffer.wrap("6\r\nworld!\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
      }
      assertTrue(client.readAll().endsWith("7\r\nHello, \r\n6\r\nworld!\r\n0\r\n\r\n"));
    }
  }

  /** Follows TestHijackBeforeRequestBodyRead and TestServer_... : not through other writers. */
  @Test
  void whatIsNoServersWriterCannotBeHijacked() {
    ResponseController c = new ResponseController(new ResponseRecorder());
    assertThrows(UnsupportedOperationException.class, c::hijack);
    assertThrows(UnsupportedOperationException.class, () -> c.setReadDeadline(null));
    assertThrows(UnsupportedOperationException.class, c::enableFullDuplex);
  }

  /** Follows TestResponseControllerEnableFullDuplex. */
  @Test
  void fullDuplexReadsWhileItWrites() throws Exception {
    Handler handler =
        (w, r) -> {
          new ResponseController(w).enableFullDuplex();
          byte[] one = new byte[1];
          while (r.body().read(one) > 0) {
            w.write(one);
            w.flush();
          }
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
      assertTrue(client.read(6).endsWith("1\r\na\r\n"));
      client.send("1\r\nb\r\n");
      client.send("0\r\n\r\n");
      client.endOutput();
      assertTrue(client.readAll().endsWith("1\r\nb\r\n0\r\n\r\n"));
    }
  }

  /** Follows TestCrossOriginProtectionSecFetchSite and ...OriginHeader-less variants. */
  @ParameterizedTest
  @CsvSource({
    "GET, cross-site, https://evil.example, 200",
    "POST, same-origin, https://evil.example, 200",
    "POST, none, '', 200",
    "POST, cross-site, https://example.com, 403",
    "POST, same-site, https://example.com, 403",
    "PUT, '', '', 200",
    "PUT, '', https://example.com, 200",
    "PUT, '', https://evil.example, 403",
    "PUT, '', null, 403",
    "PUT, cross-site, https://trusted.example, 200",
  })
  void otherSitesMayNotChangeAnything(String method, String site, String origin, int status)
      throws Exception {
    CrossOriginProtection protection = new CrossOriginProtection();
    protection.addTrustedOrigin("https://trusted.example");
    protection.addInsecureBypassPattern("/open/");
    Handler handler = protection.handler((w, r) -> {});
    RequestBuilder request = Request.received(method, "/");
    if (!site.isEmpty()) {
      request.header("Sec-Fetch-Site", site);
    }
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    assertEquals(status, ask(handler, request.build()).status());
    assertEquals(200, ask(handler, request.escapedPath("/open/x").build()).status());
  }

  /** Follows TestCrossOriginProtectionAddTrustedOriginErrors. */
  @ParameterizedTest
  @CsvSource({"example.com", "https://", "https://example.com/", "https://a?b", "''", "null"})
  void trustedOriginsAreChecked(String origin) {
    CrossOriginProtection protection = new CrossOriginProtection();
    assertThrows(IllegalArgumentException.class, () -> protection.addTrustedOrigin(origin));
  }

  @Test
  void middlewareIsAskedInOrderAndTheAccessLogHasALine() throws Exception {
    List<String> lines = new ArrayList<>();
    Middleware first =
        next ->
            (w, r) -> {
              w.write("<");
              next.serveHttp(w, r);
              w.write(">");
            };
    Handler handler =
        Middleware.of(next -> AccessLog.to(lines::add, next), first).wrap((w, r) -> w.write("hi"));
    Request request = Request.received("GET", "/a?b").header("User-Agent", "x\"y\n").build();
    assertEquals("<hi>", ask(handler, request).body());
    assertTrue(
        lines
            .getFirst()
            .matches(
                "192\\.0\\.2\\.1 - - \\[.*\\] \"GET /a\\?b HTTP/1.1\" 200 4 "
                    + "\"-\" \"x\\\\x22y\\\\x0a\" \\d+"),
        lines.getFirst());
  }

  @Test
  void eventsAreSentLineByLine() throws Exception {
    ResponseRecorder recorder = new ResponseRecorder();
    EventStream events = new EventStream(recorder);
    events.send("a\nb");
    events.send("type", "7", "c");
    events.keepAlive();
    assertEquals("text/event-stream", recorder.sentHeaders().get("Content-Type"));
    assertEquals("data: a\ndata: b\n\nevent: type\nid: 7\ndata: c\n\n:\n\n", recorder.body());
    assertThrows(IllegalArgumentException.class, () -> events.send("a\nb", null, ""));
  }

  /** Follows TestPathValueAndPattern, TestPathValueNoMatch and TestSetPathValue. */
  @ParameterizedTest
  @CsvSource({
    "/{a}/is/{b}/{c...}, /now/is/the/time/for/all, a=now b=the c=time/for/all d=",
    "/names/{name}/{other...}, /names/%2fjohn/address, name=/john other=address",
    "/names/{name}/{other...}, /names/john%2Fdoe/there/is%2F/more, name=john/doe other=there/is//more",
    "/names/{name}/{$}, /names/n/, name=n other=",
    "GET /{a}, /x, a=x",
  })
  void wildcardsHaveValues(String pattern, String target, String expected) throws Exception {
    ServeMux mux = new ServeMux();
    mux.handle(
        pattern,
        (w, r) -> {
          StringBuilder text = new StringBuilder();
          for (String pair : expected.split(" ", -1)) {
            String name = pair.substring(0, pair.indexOf('='));
            text.append(text.isEmpty() ? "" : " ").append(name + "=" + r.pathValue(name));
          }
          assertEquals(pattern, r.pattern());
          r.setPathValue("a", "set");
          assertEquals("set", r.pathValue("a"));
          w.write(text.toString());
        });
    assertEquals(expected, ask(mux, get(target)).body());
    assertEquals("", get(target).pathValue("a"));
  }

  /** Follows TestRoutingTree's matching order: literal, one element, the rest; method; host. */
  @ParameterizedTest
  @CsvSource({
    "GET, /a/b, /a/b",
    "GET, /a/x, /a/{x}",
    "GET, /a/b/c, /a/{r...}",
    "GET, /a/x/c/d, /a/{r...}",
    "GET, /, /{$}",
    "GET, /zz, /{x}",
    "POST, /m, POST /m",
    "HEAD, /m, GET /m",
    "PUT, /m, /{x}",
    "GET, /g/x/y/z, /g/{x}/y/{z}",
  })
  void theMostSpecificRouteIsTaken(String method, String target, String pattern) throws Exception {
    ServeMux mux = new ServeMux();
    for (String p :
        List.of(
            "/{$}", "/a/b", "/a/{x}", "/a/{r...}", "/{x}", "POST /m", "GET /m", "/g/{x}/y/{z}")) {
      mux.handle(p, (w, r) -> w.write(p));
    }
    assertEquals(pattern, ask(mux, Request.received(method, target).build()).body());
    assertEquals(pattern, mux.handler(Request.received(method, target).build()).pattern());
  }

  /** Follows TestBasicAuth parsing: TestGetBasicAuth and TestParseBasicAuth. */
  @ParameterizedTest
  @CsvSource({
    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin:open sesame",
    "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin:open sesame",
    "BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==, ''",
    "Basic !!!, ''",
    "Digest x, ''",
    "'Basic Og==', ':'",
    "'Basic YQ==', ''",
  })
  void basicAuthIsRead(String header, String pair) {
    Request.BasicAuth auth =
        Request.received("GET", "/").header("Authorization", header).build().basicAuth();
    assertEquals(pair, auth == null ? "" : auth.username() + ":" + auth.password());
  }

  @Test
  void basicAuthIsWritten() {
    Request r = Request.to("GET", "http://x/").basicAuth("Aladdin", "open sesame").build();
    assertEquals("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", r.header("Authorization"));
    assertNotNull(r.basicAuth());
    assertFalse(r.toString().contains("sesame"));
  }
}
