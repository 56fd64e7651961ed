package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.HostPort;
import dev.raddle.net.Net;
import dev.raddle.net.tls.Tls;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client's TLS by the user's own dial, and resumed sessions. Follows Go's transport_test.go. */
@Timeout(60)
class TlsDialTest {
  @TempDir static Path directory;

  @BeforeAll
  static void makeCertificate() throws Exception {
    TlsTest.makeCertificate(directory);
  }

  private static String url(Server server) {
    return "https://" + HostPort.of(server.address());
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  /** A transport that trusts nobody by itself. */
  private static TransportBuilder builder(Dialer tls) {
    return Transport.builder()
        .proxy(request -> null)
        .tlsClientConfig(TlsConfig.builder().rootCas(List.of()).build())
        .tlsDialer(tls);
  }

  /** Follows Go's TestTransportDialTLS and TestTransportDialTLSContext. */
  @Test
  void aUsersTlsIsSpokenWithServersOfHttps() throws Exception {
    List<String> dialed = new ArrayList<>();
    TlsConfig trusting = TlsTest.clientConfig();
    Dialer shaken =
        (context, address) -> {
          dialed.add(address);
          return Tls.dial(context, "tcp", address, trusting);
        };
    Dialer unshaken =
        (context, address) -> {
          dialed.add(address);
          return Tls.client(Net.dial(context, "tcp", address), trusting, "127.0.0.1");
        };
    try (Server server = TlsTest.start((w, r) -> w.write("Hello"))) {
      String address = HostPort.of(server.address()).toString();
      for (Dialer tls : List.of(shaken, unshaken)) {
        dialed.clear();
        try (Transport transport = builder(tls).build()) {
          for (int i = 0; i < 2; i++) {
            Response response = transport.roundTrip(get(url(server)));
            assertEquals("Hello", response.text());
            assertEquals(
                "CN=localhost",
                Objects.requireNonNull(response.tls())
                    .peerCertificates()
                    .getFirst()
                    .getSubjectX500Principal()
                    .getName());
          }
          assertEquals(List.of(address), dialed, "kept for the second request");
        }
      }
    }
  }

  /** Follows Go's TestTransportDialTLSContext: the context is that of the request. */
  @Test
  void theDialGetsTheContextOfTheRequest() throws Exception {
    List<Context> contexts = new ArrayList<>();
    Dialer refusing =
        (context, address) -> {
          contexts.add(context);
          throw new SSLException("not pinned: " + address);
        };
    try (Transport transport = builder(refusing).build();
        CancelContext context = Context.background().withCancel()) {
      Request request = Request.to("GET", "https://a.test/").context(context).build();
      SSLException e = assertThrows(SSLException.class, () -> transport.roundTrip(request));
      assertEquals("not pinned: a.test:443", e.getMessage());
      assertEquals(1, contexts.size());
      assertNull(contexts.getFirst().err());
      context.cancel();
      assertTrue(contexts.getFirst().err() != null, "ends with the request's");
    }
  }

  /** Go: for non-proxied HTTPS requests. */
  @Test
  void othersAreDialedAsEver() throws Exception {
    Dialer never =
        (context, address) -> {
          throw new IOException("the dialer of TLS for " + address);
        };
    List<String> dialed = new ArrayList<>();
    Dialer counting =
        (context, address) -> {
          dialed.add(address);
          return Net.dial(context, "tcp", address);
        };
    Handler refusing = (w, r) -> Http.error(w, r.method() + " " + r.host(), 403);
    try (TestServer plain = TestServer.start(refusing);
        Transport direct = builder(never).dialer(counting).build();
        Transport proxied =
            builder(never).dialer(counting).proxy(r -> URI.create(plain.url())).build()) {
      assertEquals(
          "GET " + plain.url().substring(7), direct.roundTrip(get(plain.url())).text().strip());
      IOException e =
          assertThrows(IOException.class, () -> proxied.roundTrip(get("https://a.test/")));
      assertTrue(String.valueOf(e.getMessage()).contains("Forbidden"), e.toString());
      assertEquals(2, dialed.size());
    }
  }

  /** A handshake that the transport has to make has its limit. */
  @Test
  void aSilentServerIsGivenUp() throws Exception {
    try (var silent = Net.listen("tcp", "127.0.0.1:0");
        Transport transport =
            builder(
                    (context, address) ->
                        Tls.client(Net.dial(context, "tcp", address), TlsTest.clientConfig(), "a"))
                .tlsHandshakeTimeout(Duration.ofMillis(50))
                .build()) {
      assertThrows(
          SocketTimeoutException.class,
          () -> transport.roundTrip(get("https://" + silent.addr() + "/")));
    }
  }

  /** Follows Go's TestResumption of crypto/tls, in net/http. */
  @Test
  void theNextConnectionResumesTheSession() throws Exception {
    List<Boolean> server = new ArrayList<>();
    List<Boolean> client = new ArrayList<>();
    try (Server s =
            TlsTest.start((w, r) -> server.add(Objects.requireNonNull(r.tls()).didResume()));
        Transport transport = TlsTest.transportBuilder().disableKeepAlives().build()) {
      for (int i = 0; i < 3; i++) {
        Response response = transport.roundTrip(get(url(s)));
        assertEquals("", response.text());
        client.add(Objects.requireNonNull(response.tls()).didResume());
      }
    }
    assertEquals(List.of(false, true, true), client);
    assertEquals(client, server);
  }
}
