package dev.raddle.boringssl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.http.Request;
import dev.raddle.http.Server;
import dev.raddle.http.Transport;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import dev.raddle.net.tls.ClientAuth;
import dev.raddle.net.tls.ConnectionState;
import dev.raddle.net.tls.EngineFactory;
import dev.raddle.net.tls.Tls;
import dev.raddle.net.tls.TlsCertificate;
import dev.raddle.net.tls.TlsConfig;
import dev.raddle.net.tls.TlsConfigBuilder;
import dev.raddle.net.tls.TlsConn;
import dev.raddle.net.tls.TlsVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** BoringSSL on each side, with itself and with the JDK on the other one. */
@Timeout(60)
class BoringSslTest {
  private static @Nullable TlsCertificate local;
  private static @Nullable TlsCertificate other;
  private static @Nullable TlsCertificate client;

  @BeforeAll
  static void prepare(@TempDir Path directory) throws Exception {
    Throwable whyNot = BoringSsl.whyNot();
    assumeTrue(whyNot == null, () -> "BoringSSL does not load here: " + whyNot);
    Certs certs = new Certs(directory);
    local = certs.make("localhost", "EC");
    other = certs.make("other.test", "RSA");
    client = certs.make("client.test", "EC");
  }

  private static TlsCertificate local() {
    return Objects.requireNonNull(local);
  }

  private static TlsCertificate other() {
    return Objects.requireNonNull(other);
  }

  private static TlsCertificate client() {
    return Objects.requireNonNull(client);
  }

  private static TlsConfigBuilder engines(boolean boring) {
    TlsConfigBuilder builder = TlsConfig.builder();
    return boring ? builder.engines(BoringSsl.engines()) : builder;
  }

  private static TlsConfigBuilder server(boolean boring) {
    return engines(boring).certificate(local()).certificate(other());
  }

  private static TlsConfigBuilder client(boolean boring) {
    List<X509Certificate> roots = new ArrayList<>(local().chain());
    roots.addAll(other().chain());
    return engines(boring).rootCas(roots).serverName("localhost");
  }

  /** The two ends, and the failure of each handshake, or null. */
  private record Ends(
      TlsConn client,
      TlsConn server,
      @Nullable IOException clientFailed,
      @Nullable IOException serverFailed)
      implements AutoCloseable {
    static Ends of(TlsConfigBuilder client, TlsConfigBuilder server) throws Exception {
      try (Listener listener = Tls.listen("tcp", "127.0.0.1:0", server.build())) {
        Chan<Conn> accepted = Chan.make(1);
        Go.go(() -> accepted.send(listener.accept()));
        Conn raw = Net.dial("tcp", listener.addr().toString());
        TlsConn here = Tls.client(raw, client.build(), "localhost");
        TlsConn there = (TlsConn) accepted.recv();
        Chan<Object> done = Chan.make(1);
        Go.go(() -> done.send(failure(there)));
        Object failed = failure(here);
        if (failed instanceof IOException) {
          here.close();
        }
        return new Ends(
            here,
            there,
            failed instanceof IOException e ? e : null,
            done.recv() instanceof IOException e ? e : null);
      }
    }

    private static Object failure(TlsConn conn) {
      try {
        conn.handshake();
        return "";
      } catch (IOException e) {
        return e;
      }
    }

    Ends agreed() {
      assertNull(clientFailed);
      assertNull(serverFailed);
      return this;
    }

    ConnectionState clientState() {
      return Objects.requireNonNull(client.connectionState());
    }

    ConnectionState serverState() {
      return Objects.requireNonNull(server.connectionState());
    }

    @Override
    public void close() throws IOException {
      client.netConn().close();
      server.netConn().close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, TLS_1_2", "true, false, TLS_1_2", "false, true, TLS_1_2",
    "true, true, TLS_1_3", "true, false, TLS_1_3", "false, true, TLS_1_3",
  })
  void megabytesGoBothWaysAndEnd(boolean boringClient, boolean boringServer, TlsVersion version)
      throws Exception {
    byte[] sent = new byte[3_000_001];
    new Random(7).nextBytes(sent);
    try (Ends ends =
        Ends.of(client(boringClient).maxVersion(version), server(boringServer)).agreed()) {
      Chan<byte[]> echoed = Chan.make(1);
      Go.go(
          () -> {
            byte[] got = ends.server().inputStream().readNBytes(sent.length);
            ends.server().write(ByteBuffer.wrap(got));
            ends.server().closeWrite();
            echoed.send(got);
          });
      Go.go(() -> ends.client().write(ByteBuffer.wrap(sent)));
      assertArrayEquals(sent, ends.client().inputStream().readAllBytes());
      assertArrayEquals(sent, echoed.recv());
      String protocol = version == TlsVersion.TLS_1_2 ? "TLSv1.2" : "TLSv1.3";
      assertEquals(protocol, ends.clientState().version());
      assertEquals(protocol, ends.serverState().version());
      assertEquals(ends.clientState().cipherSuite(), ends.serverState().cipherSuite());
    }
  }

  /** ALPN: the server's preference counts, as with the JDK. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void theServersProtocolIsAgreedOn(boolean boringClient, boolean boringServer) throws Exception {
    try (Ends ends =
        Ends.of(
                client(boringClient).nextProtos("http/1.1", "h2"),
                server(boringServer).nextProtos("h2", "http/1.1"))
            .agreed()) {
      assertEquals("h2", ends.clientState().negotiatedProtocol());
      assertEquals("h2", ends.serverState().negotiatedProtocol());
    }
    try (Ends ends = Ends.of(client(boringClient), server(boringServer)).agreed()) {
      assertEquals("", ends.clientState().negotiatedProtocol());
    }
  }

  /** SNI: the certificate of the name that is asked for, of whatever kind its key is. */
  @ParameterizedTest
  @CsvSource({
    "true, true, localhost", "true, false, localhost", "false, true, localhost",
    "true, true, other.test", "true, false, other.test", "false, true, other.test",
  })
  void theNameChoosesTheCertificate(boolean boringClient, boolean boringServer, String name)
      throws Exception {
    try (Ends ends =
        Ends.of(client(boringClient).serverName(name), server(boringServer)).agreed()) {
      assertEquals(name, ends.serverState().serverName());
      TlsCertificate expected = name.equals("localhost") ? local() : other();
      assertEquals(expected.chain(), ends.clientState().peerCertificates());
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void whoIsNotToBeBelievedIsRefused(boolean boringClient, boolean boringServer) throws Exception {
    for (TlsConfigBuilder wrong :
        List.of(
            client(boringClient).serverName("third.test"), // nobody's name
            engines(boringClient).rootCas(client().chain()).serverName("localhost"))) {
      try (Ends ends = Ends.of(wrong, server(boringServer))) {
        assertTrue(
            ends.clientFailed() instanceof SSLException, String.valueOf(ends.clientFailed()));
      }
    }
    try (Ends ends =
        Ends.of(
            engines(boringClient).insecureSkipVerify().serverName("third.test"),
            server(boringServer))) {
      ends.agreed();
    }
  }

  /** Mutual TLS. In TLS 1.3 a client that is refused learns of it by its first read. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void clientsShowTheirCertificates(boolean boringClient, boolean boringServer) throws Exception {
    TlsConfigBuilder asks =
        server(boringServer)
            .clientAuth(ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT)
            .clientCas(client().chain());
    try (Ends ends = Ends.of(client(boringClient).certificate(client()), asks).agreed()) {
      assertEquals(client().chain(), ends.serverState().peerCertificates());
    }
    try (Ends ends = Ends.of(client(boringClient).certificate(other()), asks)) {
      assertNotNull(ends.serverFailed());
    }
    try (Ends ends = Ends.of(client(boringClient), asks)) {
      assertNotNull(ends.serverFailed());
    }
    TlsConfigBuilder wouldLike = server(boringServer).clientAuth(ClientAuth.REQUEST_CLIENT_CERT);
    try (Ends ends = Ends.of(client(boringClient), wouldLike).agreed()) {
      assertEquals(List.of(), ends.serverState().peerCertificates());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEndIsTold(TlsVersion version) throws Exception {
    try (Ends ends = Ends.of(client(true).maxVersion(version), server(true)).agreed()) {
      ends.server().close();
      assertEquals(-1, ends.client().read(ByteBuffer.allocate(1)));
    }
  }

  /** Requests over it, with the pool's connection kept. */
  @Test
  void httpGoesOverIt() throws Exception {
    TlsConfig tls = server(true).build();
    try (Server server =
        Server.builder()
            .addr("127.0.0.1:0")
            .tlsConfig(tls)
            .handler((w, r) -> w.write(r.remoteAddress() + " " + r.body().readAllBytes().length))
            .build()) {
      server.startTLS();
      String url = "https://" + HostPort.of(server.address()) + "/";
      try (Transport transport =
          Transport.builder()
              .proxy(request -> null)
              .tlsClientConfig(client(true).serverName("").build())
              .build()) {
        String first = transport.roundTrip(post(url)).text();
        assertTrue(first.endsWith(" 300000"), first);
        assertEquals(first, transport.roundTrip(post(url)).text());
      }
    }
  }

  private static Request post(String url) {
    return Request.to("POST", url).body(new byte[300_000]).build();
  }

  @Test
  void enginesThatCannotBeMadeAreRefusedAtOnce() {
    EngineFactory.Source broken =
        settings -> {
          throw new IOException("broken: " + settings.protocols());
        };
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> TlsConfig.builder().engines(broken).build());
    assertEquals("broken: [TLSv1.2, TLSv1.3]", Objects.requireNonNull(e.getCause()).getMessage());
  }
}
