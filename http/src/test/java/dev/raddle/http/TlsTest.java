package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import dev.raddle.net.tls.ConnectionState;
import dev.raddle.net.tls.TlsCertificate;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP over TLS: server and client. Follows Go's serve_test.go, client_test.go. */
@Timeout(30)
class TlsTest {
  @TempDir static Path directory;
  private static TlsConfig serverConfig = TlsConfig.builder().build();
  private static TlsConfig clientConfig = TlsConfig.builder().build();
  private static @Nullable TlsCertificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    makeCertificate(directory);
  }

  static void makeCertificate(Path directory) throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS), output);
    assertEquals(0, keytool.exitValue(), output);
    certificate = TlsCertificate.loadPkcs12(store, "changeit".toCharArray());
    serverConfig = TlsConfig.builder().certificate(certificate).build();
    clientConfig = TlsConfig.builder().rootCas(certificate.chain()).build();
  }

  static Server start(Handler handler) throws IOException {
    Server server =
        Server.builder().addr("127.0.0.1:0").tlsConfig(serverConfig).handler(handler).build();
    server.startTLS();
    return server;
  }

  private static String url(Server server) {
    return "https://" + HostPort.of(server.address());
  }

  static TlsConfig clientConfig() {
    return clientConfig;
  }

  static TransportBuilder transportBuilder() {
    return Transport.builder().tlsClientConfig(clientConfig);
  }

  private static Transport transport(TlsConfig config) {
    return Transport.builder().tlsClientConfig(config).build();
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  /** Follows Go's TestTLSServer and TestServeTLS (serve_test.go). */
  @Test
  void aRequestGoesOverTlsAndTheConnectionIsKept() throws Exception {
    try (Server server =
            start(
                (w, r) -> {
                  ConnectionState tls = r.tls();
                  String agreed = tls == null ? "" : tls.negotiatedProtocol();
                  w.write(r.remoteAddress() + " " + agreed + " " + r.body().readAllBytes().length);
                });
        Transport transport = transport(clientConfig)) {
      String first = transport.roundTrip(get(url(server))).text();
      assertTrue(first.endsWith(" http/1.1 0"), first);
      assertEquals(first, transport.roundTrip(get(url(server))).text());
      byte[] body = new byte[300_000];
      Request post = Request.to("POST", url(server) + "/x").body(body).build();
      assertTrue(transport.roundTrip(post).text().endsWith(" 300000"));
      assertEquals(1, transport.idleConnections());
    }
  }

  /** Follows Go's TestClientWithIncorrectTLSServerName (client_test.go). */
  @Test
  void aServerThatIsNotToBeBelievedGetsNoRequest() throws Exception {
    try (Server server = start((w, r) -> w.write("never"));
        Transport system = transport(TlsConfig.builder().build());
        Transport other = transport(clientConfig.toBuilder().serverName("b.test").build())) {
      assertThrows(SSLException.class, () -> system.roundTrip(get(url(server))));
      assertThrows(SSLException.class, () -> other.roundTrip(get(url(server))));
    }
  }

  /** Follows Go's TestClientInsecureTransport (client_test.go). */
  @Test
  void whoSkipsVerifyingGetsThrough() throws Exception {
    try (Server server = start((w, r) -> w.write("in"));
        Transport t = transport(TlsConfig.builder().insecureSkipVerify().build())) {
      assertEquals("in", t.roundTrip(get(url(server))).text());
    }
  }

  /** Follows Go's TestTLSServerRejectHTTPRequests (serve_test.go). */
  @Test
  void aClientWithoutTlsIsToldSo() throws Exception {
    LogLines log = new LogLines();
    try (Server server =
        Server.builder().addr("127.0.0.1:0").tlsConfig(serverConfig).errorLog(log).build()) {
      server.startTLS();
      tellsOfTls(server);
      assertEquals(1, log.lines().size(), log.lines().toString());
      String line = log.lines().getFirst();
      assertTrue(line.startsWith("http: TLS handshake error from 127.0.0.1:"), line);
      assertTrue(line.endsWith(": client sent an HTTP request to an HTTPS server"), line);
    }
  }

  private static void tellsOfTls(Server server) throws IOException {
    try (Conn conn = Net.dial("tcp", HostPort.of(server.address()).toString())) {
      conn.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(200);
      while (!text(answer).endsWith("HTTPS server.\n")) {
        assertTrue(conn.read(answer) > 0, text(answer));
      }
      assertTrue(text(answer).startsWith("HTTP/1.0 400 Bad Request\r\n"), text(answer));
      assertEquals(-1, conn.read(answer.clear())); // by then it is in the log
    }
  }

  private static String text(ByteBuffer written) {
    return StandardCharsets.US_ASCII.decode(written.duplicate().flip()).toString();
  }

  /** Follows Go's TestHTTPSClientDetectsHTTPServer (client_test.go). */
  @Test
  void aServerWithoutTlsIsToldApart() throws Exception {
    try (TestServer server = TestServer.start((w, r) -> {});
        Transport t = transport(clientConfig)) {
      String url = server.url().replace("http://", "https://");
      IOException e = assertThrows(IOException.class, () -> t.roundTrip(get(url)));
      assertEquals("http: server gave HTTP response to HTTPS client", e.getMessage());
    }
  }

  /** Follows Go's TestTransportTLSHandshakeTimeout (transport_test.go). */
  @Test
  void aSilentServerIsNotWaitedForForEver() throws Exception {
    try (Listener silent = Net.listen("tcp", "127.0.0.1:0");
        Transport t =
            Transport.builder()
                .tlsClientConfig(clientConfig)
                .tlsHandshakeTimeout(Duration.ofMillis(20))
                .build()) {
      IOException e =
          assertThrows(
              SocketTimeoutException.class,
              () -> t.roundTrip(get("https://" + HostPort.of(silent.address()))));
      assertEquals("net/http: TLS handshake timeout", e.getMessage());
    }
  }

  /** Follows Go's TestTLSHandshakeTimeout (serve_test.go). */
  @Test
  void aSilentClientIsNotWaitedForForEver() throws Exception {
    try (Server server =
        Server.builder()
            .addr("127.0.0.1:0")
            .tlsConfig(serverConfig)
            .readHeaderTimeout(Duration.ofMillis(20))
            .build()) {
      server.startTLS();
      try (Conn conn = Net.dial("tcp", HostPort.of(server.address()).toString())) {
        assertEquals(-1, conn.read(ByteBuffer.allocate(1)));
      }
    }
  }

  @Test
  void aServerNeedsACertificate() {
    assertThrows(IllegalStateException.class, () -> Server.builder().build().startTLS());
    assertThrows(
        IllegalArgumentException.class,
        () -> Server.builder().tlsConfig(TlsConfig.builder().build()));
  }

  @Test
  void withoutTlsARequestSaysSo() throws Exception {
    try (TestServer server = TestServer.start((w, r) -> w.write("" + r.tls()))) {
      try (Transport t = transport(clientConfig)) {
        assertEquals("null", t.roundTrip(get(server.url())).text());
      }
    }
    assertNull(get("http://a").tls());
  }

  @Test
  void theJdksClientUnderstands() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("a", Objects.requireNonNull(certificate).leaf());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (Server server = start((w, r) -> w.write("Hello, JDK!"));
        HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      for (int i = 0; i < 3; i++) {
        assertEquals(
            "Hello, JDK!",
            client
                .send(
                    HttpRequest.newBuilder(URI.create(url(server))).build(),
                    BodyHandlers.ofString())
                .body());
      }
    }
  }

  private static String run(String input, String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " is not installed");
      throw e;
    }
    try (var out = process.getOutputStream();
        InputStream in = process.getInputStream()) {
      out.write(input.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void curlUnderstands() throws Exception {
    try (Server server = start((w, r) -> w.write("Hello, curl!"))) {
      for (String version : new String[] {"1.2", "1.3"}) {
        String got = run("", "curl", "-sSk", "--max-time", "10", "--tls-max", version, url(server));
        assertEquals("Hello, curl!", got);
      }
    }
  }

  @Test
  void opensslUnderstands() throws Exception {
    try (Server server = start((w, r) -> w.write("Hello, openssl!"))) {
      String got =
          run(
              "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
              "openssl",
              "s_client",
              "-ign_eof",
              "-alpn",
              "http/1.1",
              "-connect",
              HostPort.of(server.address()).toString());
      assertTrue(got.contains("Hello, openssl!"), got);
      assertTrue(got.contains("ALPN protocol: http/1.1"), got);
    }
  }

  /** Idle connections are closed, with an alert. */
  @Test
  void shutdownEndsASecureServer() throws Exception {
    try (Server server = start((w, r) -> w.write("x"));
        Transport t = transport(clientConfig)) {
      assertEquals("x", t.roundTrip(get(url(server))).text());
      try (var patience = Context.background().withTimeout(Duration.ofSeconds(10))) {
        server.shutdown(patience);
      } catch (CanceledException e) {
        throw new AssertionError("an idle connection was not closed", e);
      }
      assertThrows(IOException.class, () -> t.roundTrip(get(url(server))));
    }
  }

  /** Follows TestTransportUsesTLSConfigServerName and TestResponseSetsTLSConnectionState. */
  @Test
  void aServerIsKnownByTheNameOfTheConfigurationAndAResponseTellsItsTls() throws Exception {
    try (Server server = start((w, r) -> w.write("Hello"));
        Transport t =
            Transport.builder()
                .proxy(r -> null)
                .tlsClientConfig(clientConfig.toBuilder().serverName("localhost").build())
                .dialer(
                    (context, address) ->
                        Net.dial(context, "tcp", HostPort.of(server.address()).toString()))
                .build()) {
      Client client = Client.builder().transport(t).timeout(Duration.ofSeconds(20)).build();
      try (Response response = client.send(get("https://some-other-host.example/"))) {
        ConnectionState tls = Objects.requireNonNull(response.tls());
        assertEquals("http/1.1 localhost", tls.negotiatedProtocol() + " " + tls.serverName());
        assertEquals("Hello", response.text());
      }
    }
  }
}
