package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.httptest.ResponseRecorder;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.Net;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes out for what a handler does: further tests of Go's serve_test.go. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class ServedResponseTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private static String answer(Handler handler, String request) throws IOException {
    return answer(Server.builder().handler(handler), request);
  }

  private static String answer(ServerBuilder builder, String request) throws IOException {
    try (TestServer server = TestServer.start(builder);
        RawClient client = new RawClient(server.server().address())) {
      return client.send(request).readAll();
    }
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  /** Follows TestHandlerSetTransferEncodingGzip: the handler's coding, then the server's. */
  @Test
  void aCodingOfTheHandlersOwnIsSentInChunks() throws IOException {
    Handler handler =
        (w, r) -> {
          w.header().set("Transfer-Encoding", "gzip");
          w.write("packed");
        };
    String text = answer(handler, GET);
    assertEquals(1, count(text, "Transfer-Encoding: gzip\r\n"), text);
    assertEquals(1, count(text, "Transfer-Encoding: chunked\r\n"), text);
    assertFalse(text.contains("Content-Length") || text.contains("Content-Type"), text);
  }

  /** Follows TestDisableContentLength. */
  @Test
  void aLengthThatIsSetToNothingIsNotSent() throws IOException {
    Handler without =
        (w, r) -> {
          w.header().setAll("Content-Length", List.of());
          w.write("OK");
        };
    String text = answer(without, GET);
    assertFalse(text.contains("Content-Length"), text);
    assertTrue(text.endsWith("\r\n\r\n2\r\nOK\r\n0\r\n\r\n"), text);
    assertTrue(answer((w, r) -> w.write("OK"), GET).contains("\r\nContent-Length: 2\r\n"));
  }

  /** Follows TestOptionsHandler. */
  @Test
  void theHandlerMayAnswerForTheServerAsAWhole() throws IOException {
    Handler handler = (w, r) -> w.write(r.method() + " " + r.requestUri());
    ServerBuilder builder = Server.builder().disableGeneralOptionsHandler().handler(handler);
    String text = answer(builder, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertTrue(text.endsWith("\r\n\r\nOPTIONS *"), text);
  }

  /** Follows TestTimeoutHandlerStartTimerWhenServing: the time begins with the request. */
  @Test
  void aTimeoutHandlersTimeBeginsWithTheRequest() throws Exception {
    Duration time = Duration.ofMinutes(1);
    CompletableFuture<Instant> deadline = new CompletableFuture<>();
    Handler handler =
        Http.timeoutHandler(
            (w, r) -> {
              deadline.complete(Objects.requireNonNull(r.context().deadline()));
              w.writeHeader(Http.STATUS_NO_CONTENT);
            },
            time,
            "");
    Instant made = Instant.now();
    while (!Instant.now().isAfter(made.plusMillis(2))) {
      Thread.onSpinWait(); // so that the two can be told apart
    }
    Instant asked = Instant.now();
    ResponseRecorder recorder = new ResponseRecorder();
    handler.serveHttp(recorder, Request.received("GET", "/").build());
    assertEquals(Http.STATUS_NO_CONTENT, recorder.status());
    Instant earliest = asked.plus(time).minusMillis(1);
    assertFalse(deadline.get().isBefore(earliest), deadline.get() + " before " + earliest);
  }

  /** Follows TestTimeoutHandlerSuperfluousLogs, with one line for each response. */
  @ParameterizedTest
  @CsvSource({"false, 404 Not Found, ''", "true, 503 Service Unavailable, timed out"})
  void aTimeoutHandlersSecondStatusIsLogged(boolean late, String status, String body)
      throws Exception {
    LogLines log = new LogLines();
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Handler inner =
        (w, r) -> {
          for (int i = 0; i < 4; i++) {
            w.writeHeader(Http.STATUS_NOT_FOUND);
          }
          written.countDown();
          if (late) {
            goOn.await();
          }
        };
    Duration time = late ? Duration.ofMillis(20) : Duration.ofMinutes(1);
    Handler handler = Http.timeoutHandler(inner, time, "timed out");
    ServerBuilder builder = Server.builder().errorLog(log).handler(handler);
    String text = answer(builder, GET);
    assertTrue(text.startsWith("HTTP/1.1 " + status + "\r\n") && text.endsWith(body), text);
    assertTrue(written.await(20, TimeUnit.SECONDS));
    goOn.countDown();
    if (!late) {
      assertEquals(List.of("http: superfluous writeHeader(404), the status is 404"), log.lines());
    }
    assertTrue(log.lines().size() <= 1, log.lines().toString()); // the time may end before
  }

  /** Follows TestRedirectBadPath: a path that no request can have. */
  @Test
  void aRedirectOfAPathWithoutASlashSurvives() {
    ResponseRecorder recorder = new ResponseRecorder();
    Request request = Request.received("GET", "/").escapedPath("no-leading-slash").build();
    Http.redirect(recorder, request, "", Http.STATUS_NOT_MODIFIED);
    assertEquals(Http.STATUS_NOT_MODIFIED, recorder.status());
  }

  static List<Arguments> trailers() {
    List<Arguments> cases = new ArrayList<>();
    StringBuilder fourteen = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      fourteen.append("X-Trailer-").append(i).append(": val\r\n");
    }
    cases.add(Arguments.of(fourteen.toString(), true));
    cases.add(Arguments.of(fourteen + "A: 1\r\nB: 2\r\n", false));
    cases.add(Arguments.of("X-Comma: " + "val, ".repeat(15) + "val\r\n", true));
    cases.add(Arguments.of("X-Repeated: val\r\n".repeat(16), false));
    return cases;
  }

  /** Follows TestRequestTrailerHeaderValueCountLimit. */
  @ParameterizedTest
  @MethodSource("trailers")
  void linesOfATrailerAreCounted(String trailer, boolean passes) throws Exception {
    CompletableFuture<Boolean> read = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          try {
            r.body().readAllBytes();
            read.complete(true);
          } catch (IOException e) {
            read.complete(false);
          }
        };
    String request =
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "9\r\nsome body\r\n0\r\n"
            + trailer
            + "\r\n";
    answer(Server.builder().maxHeaderValues(15).handler(handler), request);
    assertEquals(passes, read.get(10, TimeUnit.SECONDS));
  }

  /** Follows TestDisableKeepAliveUpgrade. */
  @Test
  void anUpgradeDoesNotCareAboutKeepAlives() throws IOException {
    Handler handler =
        (w, r) -> {
          w.header().set("Connection", "Upgrade");
          w.header().set("Upgrade", "someProto");
          w.writeHeader(Http.STATUS_SWITCHING_PROTOCOLS);
          try (Conn conn = new ResponseController(w).hijack()) {
            ByteBuffer buffer = ByteBuffer.allocate(16);
            while (conn.read(buffer.clear()) > 0) {
              conn.write(buffer.flip());
            }
          }
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = Transport.builder().proxy(r -> null).disableKeepAlives().build()) {
      server.server().setKeepAlivesEnabled(false);
      try (Response response = t.roundTrip(Request.to("GET", server.url()).build());
          Conn conn = Objects.requireNonNull(response.upgraded())) {
        assertEquals(Http.STATUS_SWITCHING_PROTOCOLS, response.status());
        conn.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer echo = ByteBuffer.allocate(5);
        while (echo.hasRemaining() && conn.read(echo) > 0) {
          assertTrue(echo.position() > 0);
        }
        assertEquals("hello", new String(echo.array(), StandardCharsets.US_ASCII));
      }
    }
  }

  /** Follows TestWriteHeaderSwitchingProtocols: what is written after it is not sent. */
  @Test
  void afterSwitchingProtocolsOnlyTheConnectionCanBeWritten() throws IOException {
    LogLines log = new LogLines();
    Handler handler =
        (w, r) -> {
          w.header().set("Connection", "Upgrade");
          w.header().set("Upgrade", "someProto");
          w.writeHeader(Http.STATUS_SWITCHING_PROTOCOLS);
          w.flush();
          w.write("x");
          try (Conn conn = new ResponseController(w).hijack()) {
            conn.write(ByteBuffer.wrap("want".getBytes(StandardCharsets.US_ASCII)));
          }
        };
    String text = answer(Server.builder().errorLog(log).handler(handler), GET);
    assertTrue(text.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), text);
    assertTrue(text.contains("\r\nUpgrade: someProto\r\n") && text.endsWith("\r\n\r\nwant"), text);
    assertEquals(
        List.of("http: request method or response status code does not allow body"), log.lines());
  }

  /** Follows TestServerCONNECTSuccess: no framing, and the connection ends. */
  @Test
  void anAnsweredConnectEndsWithItsConnection() throws IOException {
    Handler handler =
        (w, r) -> {
          w.writeHeader(Http.STATUS_OK);
          w.write("body");
        };
    String text = answer(handler, "CONNECT backend.example:80 HTTP/1.1\r\nHost: x\r\n\r\n" + GET);
    assertTrue(text.startsWith("HTTP/1.1 200 OK\r\n") && text.endsWith("\r\n\r\nbody"), text);
    assertFalse(text.contains("Content-Length") || text.contains("Transfer-Encoding"), text);
    assertEquals(1, count(text, "HTTP/1.1"), text);
  }

  /** Follows TestRequestClonePathValue. */
  @Test
  void aCopyHasItsOwnPathValues() {
    Request original = Request.to("GET", "https://example.org/").build();
    original.setPathValue("p1", "orig");
    Request copy = original.toBuilder().build();
    copy.setPathValue("p2", "copy");
    assertEquals("orig ", original.pathValue("p1") + " " + original.pathValue("p2"));
    assertEquals("orig copy", copy.pathValue("p1") + " " + copy.pathValue("p2"));
  }

  /** Follows TestNewRequestHost. */
  @ParameterizedTest
  @CsvSource({
    "http://www.example.com/, www.example.com",
    "http://www.example.com:8080/, www.example.com:8080",
    "http://192.168.0.1/, 192.168.0.1",
    "http://192.168.0.1:/, 192.168.0.1",
    "http://[fe80::1]/, [fe80::1]",
    "http://[fe80::1]:8080/, [fe80::1]:8080",
    "http://[fe80::1%25en0]/, [fe80::1%en0]",
    "http://[fe80::1%25en0]:8080/, [fe80::1%en0]:8080",
    "http://[fe80::1%25en0]:/, [fe80::1%en0]",
  })
  void theHostIsThatOfTheUrl(String url, String host) throws IOException {
    Request request = Request.to("GET", url).build();
    assertEquals(host, request.host());
    Handler handler = (w, r) -> w.write(r.host());
    try (TestServer server = TestServer.start(handler);
        Transport t =
            Transport.builder()
                .proxy(r -> null)
                .dialer((c, a) -> Net.dial("tcp", server.url().substring(7)))
                .build()) {
      assertEquals(host.replace("%en0", ""), t.roundTrip(request).text());
    }
  }

  /** Follows TestNewRequestContentLength. */
  @Test
  void theLengthOfABodyIsKnownIfThereIsAnEnd() {
    RequestBuilder post = Request.to("POST", "http://localhost/");
    assertEquals(0, post.build().contentLength());
    assertEquals(3, Request.to("POST", "http://x/").body(new byte[3]).build().contentLength());
    assertEquals(5, Request.to("POST", "http://x/").body("12345").build().contentLength());
    assertEquals(0, Request.to("POST", "http://x/").body("").build().contentLength());
    Request stream =
        Request.to("POST", "http://x/").body(InputStream.nullInputStream(), -1).build();
    assertEquals(-1, stream.contentLength());
    assertNotNull(stream.body());
    assertThrows(IllegalArgumentException.class, () -> Request.to("POST", "http://x/%"));
  }
}
