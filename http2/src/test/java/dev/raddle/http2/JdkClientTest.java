package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Server;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.TlsCertificate;
import dev.raddle.net.tls.TlsConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another implementation as the client: the JDK's, over TLS and by an upgrade. */
@Timeout(60)
class JdkClientTest {
  private static TlsConfig serverTls = TlsConfig.builder().build();
  private static @Nullable SSLContext clientTls;

  @BeforeAll
  static void makeCertificate() throws Exception {
    TlsCertificate certificate = Fixture.certificate();
    serverTls = TlsConfig.builder().certificate(certificate).build();
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    roots.setCertificateEntry("root", certificate.chain().getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    clientTls = context;
  }

  private static Server startTls(Handler handler, TlsConfig tls) throws Exception {
    Server server = Server.builder().addr("127.0.0.1:0").tlsConfig(tls).handler(handler).build();
    server.startTLS();
    return server;
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .sslContext(Objects.requireNonNull(clientTls))
        .version(Version.HTTP_2)
        .build();
  }

  private static HttpRequest.Builder to(Server server, String path) {
    return HttpRequest.newBuilder(
        URI.create("https://localhost:" + server.address().getPort() + path));
  }

  /** HTTP/2 comes by itself; who offers HTTP/1 alone gets that, and so does who configures it. */
  @Test
  void http2ComesByItselfOverTls() throws Exception {
    Handler handler =
        (w, r) ->
            w.write(
                r.proto() + " " + Objects.requireNonNull(r.tls()).negotiatedProtocol() + r.host());
    try (Server server = startTls(handler, serverTls);
        HttpClient client = client()) {
      String host = "localhost:" + server.address().getPort();
      HttpResponse<String> two = client.send(to(server, "/").build(), BodyHandlers.ofString());
      assertEquals(Version.HTTP_2, two.version());
      assertEquals("HTTP/2.0 h2" + host, two.body());
      HttpResponse<String> one =
          client.send(to(server, "/").version(Version.HTTP_1_1).build(), BodyHandlers.ofString());
      assertEquals("HTTP/1.1 " + host, one.body()); // it asks for nothing by ALPN
    }
    TlsConfig old = serverTls.toBuilder().nextProtos("http/1.1").build();
    try (Server server = startTls(handler, old);
        HttpClient client = client()) {
      assertEquals(
          Version.HTTP_1_1,
          client.send(to(server, "/").build(), BodyHandlers.ofString()).version());
    }
  }

  /** Bodies beyond every window and buffer, both ways at once. */
  @Test
  void largeBodiesComeThrough() throws Exception {
    byte[] body = new byte[3_000_000];
    new Random(1).nextBytes(body);
    Handler echo =
        (w, r) -> {
          w.flush();
          r.body().transferTo(w.stream());
        };
    try (Server server = startTls(echo, serverTls);
        HttpClient client = client()) {
      HttpRequest post = to(server, "/").POST(BodyPublishers.ofByteArray(body)).build();
      assertArrayEquals(body, client.send(post, BodyHandlers.ofByteArray()).body());
    }
  }

  /** A hundred at a time over one connection, each with its own answer. */
  @Test
  void manyStreamsShareAConnection() throws Exception {
    Handler handler = (w, r) -> w.write(r.remoteAddress() + " " + Fixture.read(r));
    try (Server server = startTls(handler, serverTls);
        HttpClient client = client()) {
      String first = client.send(to(server, "/").build(), BodyHandlers.ofString()).body();
      for (int round = 0; round < 5; round++) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          HttpRequest post = to(server, "/").POST(BodyPublishers.ofString("n" + i)).build();
          answers.add(client.sendAsync(post, BodyHandlers.ofString()));
        }
        for (int i = 0; i < 100; i++) {
          HttpResponse<String> answer = answers.get(i).get(30, TimeUnit.SECONDS);
          assertEquals(first + "n" + i, answer.body());
        }
      }
    }
  }

  /** Follows RFC 7540, 3.2: the answer to the request that asks is the first of HTTP/2. */
  @Test
  void aClientMayAskForAnUpgrade() throws Exception {
    Handler handler =
        (w, r) -> w.write(r.proto() + r.header("Upgrade") + r.header("Http2-Settings") + r.path());
    try (Server server = Fixture.start(Fixture.h2c(handler));
        HttpClient client = client()) {
      URI uri = URI.create("http://" + HostPort.of(server.address()) + "/x");
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer =
            client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertEquals(Version.HTTP_2, answer.version());
        assertEquals("HTTP/2.0/x", answer.body());
      }
    }
  }

  /** One that may not is answered as it came. */
  @Test
  void anUpgradeCanBeDeclined() throws Exception {
    Handler handler = (w, r) -> w.write(r.proto());
    try (Server server = Fixture.start(Fixture.h2c(handler).h2c(false));
        HttpClient client = client()) {
      URI uri = URI.create("http://" + HostPort.of(server.address()) + "/x");
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertEquals("HTTP/1.1", answer.body());
    }
  }

  /** The handler's context ends when a client cancels what it asked for. */
  @Test
  void aClientMayCancel() throws Exception {
    CompletableFuture<String> ended = new CompletableFuture<>();
    CompletableFuture<String> started = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          started.complete("yes");
          r.context().done().recv();
          ended.complete("yes");
        };
    try (Server server = startTls(handler, serverTls);
        HttpClient client = client()) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(to(server, "/").build(), BodyHandlers.ofString());
      assertNotNull(started.get(20, TimeUnit.SECONDS));
      assertTrue(answer.cancel(true));
      assertEquals("yes", ended.get(20, TimeUnit.SECONDS));
    }
  }
}
