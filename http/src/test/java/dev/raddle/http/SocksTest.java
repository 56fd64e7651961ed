package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client behind a SOCKS5 proxy. Follows Go's TestSOCKS5Proxy (net/http/transport_test.go). */
@Timeout(30)
class SocksTest {
  private static void answer(ResponseWriter w, Request r) {
    w.write(r.host() + " " + r.requestUri() + " " + r.header("Proxy-Authorization"));
  }

  private static Transport through(String scheme, SocksServer proxy, String credentials) {
    String at = credentials.isEmpty() ? "" : credentials + "@";
    URI uri = URI.create(scheme + "://" + at + proxy.address());
    return Transport.builder().proxy(request -> uri).build();
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  private static String target(TestServer server) {
    return HostPort.of(server.server().address()).toString();
  }

  /**
   * Names are the proxy's to look up; the server gets an ordinary request, on a kept connection.
   */
  @ParameterizedTest
  @CsvSource({
    "socks5, host.invalid, 3 host.invalid 80",
    "socks5h, host.invalid:8080, 3 host.invalid 8080",
    "socks5, 192.0.2.1, 1 192.0.2.1 80",
    "socks5, '[2001:db8::1]:81', 4 2001:db8:0:0:0:0:0:1 81",
  })
  void requestsGoThroughTheProxy(String scheme, String host, String asked) throws IOException {
    try (TestServer server = TestServer.start(SocksTest::answer);
        SocksServer proxy = new SocksServer(target(server), "", 0);
        Transport t = through(scheme, proxy, "")) {
      for (int i = 0; i < 2; i++) {
        assertEquals(host + " /a?b ", t.roundTrip(get("http://" + host + "/a?b")).text());
      }
      assertEquals(List.of(asked), proxy.asked());
      assertEquals(1, t.idleConnections());
    }
  }

  @Test
  void thePasswordIsTheProxys() throws IOException {
    try (TestServer server = TestServer.start(SocksTest::answer);
        SocksServer proxy = new SocksServer(target(server), "user:p:@ss", 0);
        Transport right = through("socks5", proxy, "user:p%3A%40ss");
        Transport wrong = through("socks5", proxy, "user:x");
        Transport none = through("socks5", proxy, "");
        Transport tooLong = through("socks5", proxy, "u".repeat(256) + ":x")) {
      assertEquals("a.invalid / ", right.roundTrip(get("http://a.invalid/")).text());
      assertEquals(
          "socks connect: username/password authentication failed", failure(wrong).getMessage());
      assertEquals(
          "socks connect: no acceptable authentication methods", failure(none).getMessage());
      assertEquals("socks connect: invalid username/password", failure(tooLong).getMessage());
    }
  }

  private static IOException failure(Transport t) {
    return assertThrows(IOException.class, () -> t.roundTrip(get("http://a.invalid/")));
  }

  @ParameterizedTest
  @CsvSource({
    "1, general SOCKS server failure",
    "2, connection not allowed by ruleset",
    "4, host unreachable",
    "5, connection refused",
    "99, unknown code: 99",
  })
  void aRefusalSaysWhy(int reply, String reason) throws IOException {
    try (SocksServer proxy = new SocksServer("", "", reply);
        Transport t = through("socks5", proxy, "")) {
      assertEquals("socks connect a.invalid:80: " + reason, failure(t).getMessage());
    }
  }

  @Test
  void whoIsNoSocksProxyIsNotBelieved() throws IOException {
    try (TestServer server = TestServer.start(SocksTest::answer)) {
      URI uri = URI.create("socks5://" + target(server));
      try (Transport t = Transport.builder().proxy(r -> uri).build()) {
        assertEquals(
            "socks connect: expected a SOCKS5 proxy, found version 72", failure(t).getMessage());
      }
    }
  }

  /** TLS is spoken with the server, through the proxy. */
  @Test
  void tlsGoesThroughTheProxy(@TempDir Path directory) throws Exception {
    TlsTest.makeCertificate(directory);
    try (Server server = TlsTest.start(SocksTest::answer);
        SocksServer proxy = new SocksServer(HostPort.of(server.address()).toString(), "", 0)) {
      URI uri = URI.create("socks5://" + proxy.address());
      try (Transport t = TlsTest.transportBuilder().proxy(r -> uri).build()) {
        assertEquals("localhost / ", t.roundTrip(get("https://localhost/")).text());
        assertEquals(List.of("3 localhost 443"), proxy.asked());
      }
    }
  }

  @Test
  void theEndOfTheContextEndsTheTalk() throws Exception {
    CountDownLatch greeted = new CountDownLatch(1);
    try (Listener silent = Net.listen("tcp", "127.0.0.1:0");
        CancelContext context = Context.background().withCancel()) {
      Go.go(
          () -> {
            try (Conn conn = silent.accept()) {
              conn.read(ByteBuffer.allocate(10));
              greeted.countDown();
              conn.inputStream().transferTo(OutputStream.nullOutputStream());
            }
          });
      Go.go(
          () -> {
            greeted.await();
            context.cancel();
          });
      URI uri = URI.create("socks5://" + silent.addr());
      try (Transport t = Transport.builder().proxy(r -> uri).build()) {
        Request request = Request.to("GET", "http://a.invalid/").context(context).build();
        IOException e = assertThrows(IOException.class, () -> t.roundTrip(request));
        assertTrue(e.getCause() instanceof CanceledException, e.toString());
      }
    }
  }

  @Test
  void otherSchemesAreRefused() {
    try (Transport t = Transport.builder().proxy(r -> URI.create("socks4://a:1")).build()) {
      assertEquals(
          "net/http: unknown scheme of a proxy, expected http, socks5 or socks5h, found socks4",
          failure(t).getMessage());
    }
  }
}
