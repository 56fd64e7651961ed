package dev.raddle.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import dev.raddle.net.NetException;
import dev.raddle.net.tls.TlsPair.Failures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Resumed sessions, and what a user decides in a handshake. Follows Go's
 * crypto/tls/handshake_client_test.go and handshake_server_test.go.
 */
@Timeout(60)
class TlsHooksTest {
  private static final Failures NONE = new Failures(null, null);

  private static ConnectionState state(TlsConn conn) {
    ConnectionState state = conn.connectionState();
    assertNotNull(state);
    return state;
  }

  /** The ends of a connection of these configurations; a byte has gone each way. */
  private static TlsPair used(TlsConfig client, TlsConfig server) throws Exception {
    TlsPair pair = pair(client, server);
    assertEquals(NONE, pair.shake());
    pair.server().write(ByteBuffer.allocate(1)); // after the tickets, which the client thus reads
    assertEquals(1, pair.client().read(ByteBuffer.allocate(1)));
    pair.client().write(ByteBuffer.allocate(1));
    assertEquals(1, pair.server().read(ByteBuffer.allocate(1)));
    return pair;
  }

  private static TlsPair pair(TlsConfig client, TlsConfig server) throws Exception {
    try (Listener listener = Tls.listen("tcp", "127.0.0.1:0", server)) {
      Chan<Conn> accepted = Chan.make(1);
      Go.go(() -> accepted.send(listener.accept()));
      Conn raw = Net.dial("tcp", listener.addr().toString());
      String name = client.serverName();
      SSLEngine engine = client.client(name, 443); // as if all had been dialed at one port
      return new TlsPair(new TlsConn(raw, client, engine, name), (TlsConn) accepted.recv());
    }
  }

  /**
   * Follows Go's TestResumption: the second connection goes on with the session of the first, a
   * client or a server of another configuration does not.
   */
  @ParameterizedTest
  @EnumSource
  void theSecondConnectionResumesTheSessionOfTheFirst(TlsVersion version) throws Exception {
    TlsConfig client = Certs.client().maxVersion(version).certificate(Certs.CLIENT).build();
    TlsConfig server =
        Certs.server()
            .clientAuth(ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT)
            .clientCas(Certs.ROOT)
            .build();
    for (int i = 0; i < 3; i++) {
      try (TlsPair pair = used(client, server)) {
        assertEquals(i > 0, state(pair.client()).didResume());
        assertEquals(i > 0, state(pair.server()).didResume());
        assertEquals("localhost", state(pair.server()).serverName());
        assertEquals(
            List.of(Certs.LOCAL.leaf(), Certs.CLIENT.leaf()),
            List.of(
                state(pair.client()).peerCertificates().getFirst(),
                state(pair.server()).peerCertificates().getFirst()),
            "those of the first connection");
      }
    }
    try (TlsPair pair = used(client.toBuilder().build(), server)) {
      assertFalse(state(pair.client()).didResume());
      assertFalse(state(pair.server()).didResume());
    }
    try (TlsPair pair = used(client, server.toBuilder().build())) {
      assertFalse(state(pair.client()).didResume());
      assertFalse(state(pair.server()).didResume());
    }
  }

  /** The JDK restores a session only if its certificate is chosen again, before it tells a name. */
  @ParameterizedTest
  @EnumSource
  void aServerOfManyNamesResumesToo(TlsVersion version) throws Exception {
    TlsConfig client = Certs.client().maxVersion(version).build();
    List<TlsConfig> servers =
        List.of(
            TlsConfig.builder().certificate(Certs.CLIENT).certificate(Certs.LOCAL).build(),
            TlsConfig.builder()
                .certificateSource(
                    hello -> hello.serverName().equals("localhost") ? Certs.LOCAL : Certs.CLIENT)
                .build());
    for (TlsConfig server : servers) {
      for (int i = 0; i < 2; i++) {
        try (TlsPair pair = used(client, server)) {
          assertEquals(i > 0, state(pair.client()).didResume());
          assertEquals(i > 0, state(pair.server()).didResume());
          assertEquals(Certs.LOCAL.leaf(), state(pair.client()).peerCertificates().getFirst());
        }
      }
    }
  }

  /** Follows Go's TestVerifyConnection: of resumed sessions too, and of unverified ones. */
  @ParameterizedTest
  @EnumSource
  void bothSidesJudgeEveryConnection(TlsVersion version) throws Exception {
    List<ConnectionState> judged = new ArrayList<>();
    TlsConfig client =
        TlsConfig.builder()
            .insecureSkipVerify()
            .maxVersion(version)
            .verifyConnection(judged::add)
            .build();
    List<ConnectionState> judgedByServer = new ArrayList<>();
    TlsConfig server = Certs.server().verifyConnection(judgedByServer::add).build();
    for (int i = 0; i < 2; i++) {
      try (TlsPair pair = used(client, server)) {
        assertSame(judged.get(i), pair.client().connectionState());
        assertSame(judgedByServer.get(i), pair.server().connectionState());
        assertEquals(i > 0, judged.get(i).didResume());
        assertEquals(Certs.LOCAL.leaf(), judged.get(i).peerCertificates().getFirst());
      }
    }
    assertEquals(2, judged.size());
    assertEquals(2, judgedByServer.size());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsJudgedBadIsNotUsed(TlsVersion version) throws Exception {
    TlsConfigBuilder picky =
        Certs.client()
            .maxVersion(version)
            .verifyConnection(
                state -> {
                  throw new CertificateException("not that one");
                });
    try (TlsPair pair = TlsPair.of(picky, Certs.server())) {
      Failures failures = pair.shake(); // closes the client
      IOException refusal = assertInstanceOf(SSLPeerUnverifiedException.class, failures.ofClient());
      assertEquals("tls: not that one", refusal.getMessage());
      assertInstanceOf(CertificateException.class, refusal.getCause());
      assertNull(pair.client().connectionState());
      assertThrows(IOException.class, () -> pair.client().write(ByteBuffer.allocate(1)));
      pair.server().setReadDeadline(Duration.ofSeconds(20));
      assertEquals(0, received(pair.server()), "nothing was sent");
    }
    TlsConfigBuilder server =
        Certs.server()
            .maxVersion(version)
            .verifyConnection(
                state -> {
                  throw new SSLException("no");
                });
    try (TlsPair pair = TlsPair.of(Certs.client(), server)) {
      assertEquals("no", String.valueOf(notNull(pair.shake().ofServer()).getMessage()));
      pair.server().close();
      assertEquals(0, received(pair.client()), "nothing was sent");
    }
  }

  /** How many bytes came; the connection ends, or is reset by tickets that nobody has read. */
  private static int received(TlsConn conn) {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    try {
      while (conn.read(bytes) >= 0) {}
    } catch (IOException e) {
      assertFalse(e instanceof NetException net && net.isTimeout(), e.toString());
    }
    return bytes.position();
  }

  private static IOException notNull(@Nullable IOException e) {
    assertNotNull(e);
    return e;
  }

  @Test
  void aJudgeThatFailsLeavesNoUsableConnection() throws Exception {
    TlsConfigBuilder broken =
        Certs.client()
            .verifyConnection(
                state -> {
                  throw new IllegalStateException("broken");
                });
    try (TlsPair pair = TlsPair.of(broken, Certs.server())) {
      Go.go(pair.server()::handshake);
      assertThrows(IllegalStateException.class, pair.client()::handshake);
      assertThrows(IOException.class, pair.client()::handshake);
      assertNull(pair.client().connectionState());
    }
  }

  /** Follows Go's TestGetConfigForClient and TestHandshakeServerSNI. */
  @ParameterizedTest
  @EnumSource
  void aServerChoosesItsConfigurationByWhatTheClientSays(TlsVersion version) throws Exception {
    List<ClientHelloInfo> asked = new ArrayList<>();
    TlsConfig other =
        TlsConfig.builder()
            .certificate(Certs.OTHER)
            .nextProtos("other")
            .clientAuth(ClientAuth.REQUEST_CLIENT_CERT)
            .build();
    TlsConfig server =
        Certs.server()
            .nextProtos("own")
            .configSource(
                hello -> {
                  asked.add(hello);
                  return hello.serverName().equals("b.test") ? other : null;
                })
            .build();
    TlsConfig client =
        Certs.client()
            .certificate(Certs.STRANGER)
            .serverName("B.test")
            .nextProtos("own", "other")
            .maxVersion(version)
            .build();
    for (int i = 0; i < 2; i++) { // sessions of what was chosen are resumed
      try (TlsPair pair = used(client, server)) {
        assertEquals(Certs.OTHER.leaf(), state(pair.client()).peerCertificates().getFirst());
        assertEquals(Certs.STRANGER.leaf(), state(pair.server()).peerCertificates().getFirst());
        assertEquals("other", state(pair.server()).negotiatedProtocol());
        assertEquals(i > 0, state(pair.server()).didResume());
        ClientHelloInfo hello = asked.get(i);
        assertEquals("b.test", hello.serverName());
        assertEquals(List.of("own", "other"), hello.supportedProtos());
        assertEquals(
            version == TlsVersion.TLS_1_2
                ? List.of(TlsVersion.TLS_1_2)
                : List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2),
            hello.supportedVersions());
        assertSame(pair.server().netConn(), hello.conn());
      }
    }
    try (TlsPair pair = used(client.toBuilder().serverName("localhost").build(), server)) {
      assertEquals(Certs.LOCAL.leaf(), state(pair.client()).peerCertificates().getFirst());
      assertEquals("own", state(pair.server()).negotiatedProtocol());
    }
    assertEquals(3, asked.size());
  }

  /**
   * Follows Go's TestGetConfigForClient: its failure is the handshake's, and the client is told.
   */
  @Test
  void aClientThatIsNotToBeServedIsTold() throws Exception {
    TlsConfigBuilder server =
        TlsConfig.builder()
            .configSource(
                hello -> {
                  throw new IOException("not for " + hello.serverName());
                });
    try (TlsPair pair = TlsPair.of(Certs.client(), server)) {
      Failures failures = pair.shake();
      assertEquals("not for localhost", notNull(failures.ofServer()).getMessage());
      SSLException told = assertInstanceOf(SSLException.class, failures.ofClient());
      assertTrue(String.valueOf(told.getMessage()).contains("internal_error"), told.toString());
    }
  }

  @Test
  void whoSpeaksNoTlsIsNotAskedAbout() throws Exception {
    TlsConfigBuilder server =
        Certs.server()
            .configSource(
                hello -> {
                  throw new AssertionError("asked about " + hello);
                });
    try (TlsPair pair = TlsPair.of(Certs.client(), server)) {
      pair.client()
          .netConn()
          .write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII), 0, 16);
      assertThrows(RecordHeaderException.class, pair.server()::handshake);
    }
    try (TlsPair pair = TlsPair.of(Certs.client(), server)) {
      pair.client().netConn().close();
      assertThrows(IOException.class, pair.server()::handshake);
    }
  }

  /**
   * An engine passes over a warning, and we cannot read what is behind it: nobody chose, and the
   * server's own configuration may ask for less than the one that would have been chosen.
   */
  @ParameterizedTest
  @EnumSource
  void whoWasNotAskedAboutIsNotServed(TlsVersion version) throws Exception {
    TlsConfig strict = Certs.server().clientAuth(ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT).build();
    TlsConfigBuilder server = Certs.server().configSource(hello -> strict);
    try (TlsPair pair = TlsPair.of(Certs.client().maxVersion(version), server)) {
      byte[] userCanceled = {21, 3, 3, 0, 2, 1, 90};
      pair.client().netConn().write(userCanceled, 0, userCanceled.length);
      Failures failures = pair.shake();
      assertInstanceOf(SSLException.class, failures.ofServer());
      assertNull(pair.server().connectionState());
    }
  }
}
