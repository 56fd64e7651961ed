package dev.raddle.http.httputil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Headers;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseController;
import dev.raddle.http.ResponseWriter;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes its time: streams, upgrades, interim responses. Follows Go's reverseproxy_test.go. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class ReverseProxyStreamTest {
  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ";

  /** Follows TestReverseProxyWebSocketHalfTCP: the answer comes after the end of the question. */
  @Test
  void halfOfAnUpgradedConnectionMayEnd() throws Exception {
    Handler backend =
        (w, r) -> {
          try (Conn conn = new ResponseController(w).hijack()) {
            conn.write(ascii(SWITCHING + r.header("Upgrade") + "\r\n\r\n"));
            byte[] all = conn.inputStream().readAllBytes();
            conn.write(ascii("got " + new String(all, StandardCharsets.US_ASCII)));
          }
        };
    try (TestServer server = TestServer.start(backend);
        TestServer front = TestServer.start(ReverseProxy.to(server.url()))) {
      Request request =
          Request.to("GET", front.url())
              .header("Connection", "Upgrade")
              .header("Upgrade", "Echo")
              .build();
      try (Response response = front.client().send(request)) {
        assertEquals(101, response.status());
        Conn conn = response.upgraded();
        assertNotNull(conn);
        try (conn) {
          conn.write(ascii("hello"));
          conn.closeWrite();
          byte[] answer = conn.inputStream().readAllBytes();
          assertEquals("got hello", new String(answer, StandardCharsets.US_ASCII));
        }
      }
    }
  }

  /** Follows TestReverseProxyUpgradeProtocolMismatch's kin: nobody asked for that. */
  @ParameterizedTest
  @CsvSource({"'', x", "x, y", "'', ''", "x, ''"})
  void anUpgradeThatNobodyAskedForIsABadGateway(String asked, String given) throws Exception {
    Handler backend =
        (w, r) -> {
          try (Conn conn = new ResponseController(w).hijack()) {
            conn.write(ascii(SWITCHING + given + "\r\n\r\n"));
            conn.read(ByteBuffer.allocate(1));
          }
        };
    try (TestServer server = TestServer.start(backend);
        TestServer front = TestServer.start(ReverseProxy.to(server.url()))) {
      var request = Request.to("GET", front.url());
      if (!asked.isEmpty()) {
        request.header("Connection", "Upgrade").header("Upgrade", asked);
      }
      try (Response response = front.client().send(request.build())) {
        assertEquals(502, response.status());
      }
    }
  }

  /** Follows Test1xxResponses. */
  @Test
  void earlyHintsPass() throws Exception {
    Handler backend =
        (w, r) -> {
          w.header().set("Link", "<a>");
          w.writeHeader(103);
          w.header().del("Link");
          w.header().set("Back", "b");
          w.write("done");
        };
    ReverseProxy proxy;
    try (TestServer server = TestServer.start(backend)) {
      proxy = ReverseProxy.to(server.url());
      Handler marked =
          (w, r) -> {
            w.header().set("Front", "f");
            proxy.serveHttp(w, r);
          };
      try (TestServer front = TestServer.start(marked);
          Socket client = new Socket()) {
        client.connect(front.server().address());
        String head = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] all = client.getInputStream().readAllBytes();
        String text = new String(all, StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("HTTP/1.1 103 Early Hints\r\n"), text);
        String last = text.substring(text.indexOf("HTTP/1.1 200 OK\r\n"));
        assertTrue(text.indexOf("Link: <a>") < text.length() - last.length(), text);
        assertTrue(last.contains("Front: f") && last.contains("Back: b"), text);
        assertTrue(!last.contains("Link") && last.endsWith("done"), text);
      }
    }
  }

  /** Follows TestReverseProxyFlushInterval and ...Headers: the rest comes after it was read. */
  @ParameterizedTest
  @ValueSource(strings = {"interval", "chunked", "events", "negative"})
  void streamsAreNotHeldBack(String kind) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Handler backend =
        (w, r) -> {
          if (!kind.equals("chunked")) {
            w.header().set("Content-Length", "10");
          }
          if (kind.equals("events")) {
            w.header().set("Content-Type", "text/event-stream; charset=utf-8");
          }
          w.write("first");
          w.flush();
          seen.await();
          w.write("after");
        };
    try (TestServer server = TestServer.start(backend)) {
      ReverseProxy proxy = ReverseProxy.to(server.url());
      switch (kind) {
        case "interval" -> proxy.flushInterval(Duration.ofMillis(5));
        case "negative" -> proxy.flushInterval(Duration.ofMillis(-1));
        default -> {}
      }
      try (TestServer front = TestServer.start(proxy);
          Response response = front.client().send(Request.to("GET", front.url()).build())) {
        assertEquals("first", new String(response.body().readNBytes(5), StandardCharsets.US_ASCII));
        seen.countDown();
        assertEquals("after", response.text());
      }
    }
  }

  /** A body of known length is not flushed piece by piece. */
  @Test
  void aBodyOfKnownLengthIsGathered() throws IOException {
    int[] flushes = {0};
    ResponseWriter counting =
        new ResponseWriter() {
          private final Headers headers = new Headers();

          @Override
          public Headers header() {
            return headers;
          }

          @Override
          public void writeHeader(int status) {}

          @Override
          public void write(byte[] bytes, int offset, int length) {}

          @Override
          public void flush() {
            flushes[0]++;
          }
        };
    try (TestServer server = TestServer.start((w, r) -> w.write(new byte[1000]))) {
      ReverseProxy.to(server.url()).serveHttp(counting, Request.received("GET", "/").build());
    }
    assertEquals(0, flushes[0]);
  }
}
