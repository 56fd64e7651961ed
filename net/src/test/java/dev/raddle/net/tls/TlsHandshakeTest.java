package dev.raddle.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.net.tls.TlsPair.Failures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What two sides agree on. Follows Go's crypto/tls/handshake_*_test.go. */
@Timeout(30)
class TlsHandshakeTest {
  private static final Failures NONE = new Failures(null, null);

  private static X509Certificate shown(TlsConn conn) {
    ConnectionState state = conn.connectionState();
    assertNotNull(state);
    return state.peerCertificates().getFirst();
  }

  /** Follows Go's TestVerifyHostname (crypto/tls/tls_test.go). */
  @ParameterizedTest
  @EnumSource
  void aServerWhoseNameIsAnotherIsRefused(TlsVersion version) throws Exception {
    try (TlsPair pair =
        TlsPair.of(Certs.client().serverName("b.test").maxVersion(version), Certs.server())) {
      Failures failures = pair.shake();
      assertInstanceOf(SSLException.class, failures.ofClient());
      assertInstanceOf(SSLException.class, failures.ofServer()); // was told by an alert
    }
  }

  @Test
  void aServerWhomNobodyVouchesForIsRefused() throws Exception {
    try (TlsPair pair =
        TlsPair.of(Certs.client(), TlsConfig.builder().certificate(Certs.STRANGER))) {
      assertInstanceOf(SSLException.class, pair.shake().ofClient());
    }
  }

  @Test
  void theSystemsRootsDoNotKnowOurs() throws Exception {
    try (TlsPair pair = TlsPair.of(TlsConfig.builder().serverName("localhost"), Certs.server())) {
      assertInstanceOf(SSLException.class, pair.shake().ofClient());
    }
  }

  @Test
  void whoSkipsVerifyingTakesAny() throws Exception {
    try (TlsPair pair =
        TlsPair.of(
            TlsConfig.builder().insecureSkipVerify(),
            TlsConfig.builder().certificate(Certs.STRANGER))) {
      assertEquals(NONE, pair.shake());
      assertEquals(Certs.STRANGER.leaf(), shown(pair.client()));
    }
  }

  @Test
  void anAddressIsVerifiedToo() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client().serverName("127.0.0.1"), Certs.server())) {
      assertEquals(NONE, pair.shake());
      assertEquals("", notNull(pair.server().connectionState()).serverName());
    }
    try (TlsPair pair = TlsPair.of(Certs.client().serverName("127.0.0.2"), Certs.server())) {
      assertInstanceOf(SSLException.class, pair.shake().ofClient());
    }
  }

  private static ConnectionState notNull(@Nullable ConnectionState state) {
    assertNotNull(state);
    return state;
  }

  /** Follows Go's TestHandshakeServerSNI (crypto/tls/handshake_server_test.go). */
  @ParameterizedTest
  @CsvSource({
    "TLS_1_3,localhost,CN=L",
    "TLS_1_3,b.test,CN=O",
    "TLS_1_3,B.TEST,CN=O",
    "TLS_1_3,a.wild.test,CN=O",
    "TLS_1_2,localhost,CN=L",
    "TLS_1_2,b.test,CN=O",
    "TLS_1_2,a.wild.test,CN=O",
  })
  void theCertificateIsThatOfTheNameThatIsAskedFor(TlsVersion version, String name, String subject)
      throws Exception {
    for (List<TlsCertificate> order :
        List.of(List.of(Certs.LOCAL, Certs.OTHER), List.of(Certs.OTHER, Certs.LOCAL))) {
      TlsConfigBuilder server =
          TlsConfig.builder().certificate(order.get(0)).certificate(order.get(1));
      try (TlsPair pair = TlsPair.of(Certs.client().serverName(name).maxVersion(version), server)) {
        assertEquals(NONE, pair.shake());
        assertEquals(subject, shown(pair.client()).getSubjectX500Principal().getName());
        assertEquals(
            name.toLowerCase(Locale.ROOT), notNull(pair.server().connectionState()).serverName());
      }
    }
  }

  @Test
  void aStarIsOneLabel() {
    assertTrue(Certs.OTHER.supports("a.wild.test"));
    assertEquals(false, Certs.OTHER.supports("a.b.wild.test"));
    assertEquals(false, Certs.OTHER.supports("wild.test"));
  }

  /** Follows Go's TestCertificateSelection (crypto/tls/conn_test.go), its last case. */
  @Test
  void forANameThatNoneIsForTheFirstOneIsShown() throws Exception {
    TlsConfigBuilder server = TlsConfig.builder().certificate(Certs.LOCAL).certificate(Certs.OTHER);
    try (TlsPair pair =
        TlsPair.of(TlsConfig.builder().serverName("no.test").insecureSkipVerify(), server)) {
      assertEquals(NONE, pair.shake());
      assertEquals(Certs.LOCAL.leaf(), shown(pair.client()));
    }
  }

  /** Follows Go's TestALPN* (crypto/tls/handshake_*_test.go). */
  @ParameterizedTest
  @CsvSource({
    "TLS_1_3,h2 http/1.1,h2 http/1.1,h2",
    "TLS_1_3,http/1.1 h2,h2 http/1.1,h2",
    "TLS_1_3,http/1.1,h2 http/1.1,http/1.1",
    "TLS_1_2,http/1.1 h2,h2 http/1.1,h2",
  })
  void theServersFirstProtocolIsAgreedOn(
      TlsVersion version, String ofClient, String ofServer, String agreed) throws Exception {
    try (TlsPair pair =
        TlsPair.of(
            Certs.client().maxVersion(version).nextProtos(ofClient.split(" ")),
            Certs.server().nextProtos(ofServer.split(" ")))) {
      assertEquals(NONE, pair.shake());
      for (TlsConn conn : List.of(pair.client(), pair.server())) {
        assertEquals(agreed, notNull(conn.connectionState()).negotiatedProtocol());
      }
    }
  }

  @Test
  void noProtocolInCommonIsARefusalAndNoneAtAllIsNot() throws Exception {
    try (TlsPair pair =
        TlsPair.of(Certs.client().nextProtos("a"), Certs.server().nextProtos("b"))) {
      assertInstanceOf(SSLException.class, pair.shake().ofServer());
    }
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server().nextProtos("b"))) {
      assertEquals(NONE, pair.shake());
      assertEquals("", notNull(pair.client().connectionState()).negotiatedProtocol());
    }
  }

  /** Follows Go's TestClientAuth (crypto/tls/handshake_server_test.go): all modes, all clients. */
  @ParameterizedTest
  @CsvSource({
    "NO_CLIENT_CERT,none,true",
    "REQUEST_CLIENT_CERT,none,true",
    "REQUEST_CLIENT_CERT,stranger,true",
    "REQUIRE_ANY_CLIENT_CERT,none,false",
    "REQUIRE_ANY_CLIENT_CERT,stranger,true",
    "VERIFY_CLIENT_CERT_IF_GIVEN,none,true",
    "VERIFY_CLIENT_CERT_IF_GIVEN,known,true",
    "REQUIRE_AND_VERIFY_CLIENT_CERT,none,false",
    "REQUIRE_AND_VERIFY_CLIENT_CERT,stranger,false",
    "REQUIRE_AND_VERIFY_CLIENT_CERT,known,true",
  })
  void aServerKnowsItsClients(ClientAuth auth, String who, boolean welcome) throws Exception {
    for (TlsVersion version : TlsVersion.values()) {
      TlsConfigBuilder client = Certs.client().maxVersion(version);
      switch (who) {
        case "known" -> client.certificate(Certs.CLIENT);
        case "stranger" -> client.certificate(Certs.STRANGER);
        default -> {}
      }
      try (TlsPair pair =
          TlsPair.of(client, Certs.server().clientAuth(auth).clientCas(Certs.ROOT))) {
        Failures failures = pair.shake();
        if (!welcome) {
          assertInstanceOf(SSLException.class, failures.ofServer());
          // Refused in the handshake (1.2), or by what the first read gets (1.3).
          assertThrows(IOException.class, () -> pair.client().read(ByteBuffer.allocate(1)));
          continue;
        }
        assertEquals(NONE, failures);
        if (!who.equals("none")) {
          TlsCertificate expected = who.equals("known") ? Certs.CLIENT : Certs.STRANGER;
          assertEquals(expected.leaf(), shown(pair.server()));
        }
      }
    }
  }

  /** Follows Go's TestVersion (crypto/tls/handshake_server_test.go). */
  @Test
  void theNewestCommonVersionIsSpoken() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server().maxVersion(TlsVersion.TLS_1_2))) {
      assertEquals(NONE, pair.shake());
      assertEquals("TLSv1.2", notNull(pair.client().connectionState()).version());
    }
    try (TlsPair pair =
        TlsPair.of(
            Certs.client().minVersion(TlsVersion.TLS_1_3),
            Certs.server().maxVersion(TlsVersion.TLS_1_2))) {
      assertNotNull(pair.shake().ofServer());
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            TlsConfig.builder()
                .minVersion(TlsVersion.TLS_1_3)
                .maxVersion(TlsVersion.TLS_1_2)
                .build());
  }

  /** As in Go, tls.Client with neither ServerName nor InsecureSkipVerify. */
  @Test
  void aClientMustSayWhomItWants() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      TlsConfig nobody = TlsConfig.builder().build();
      assertThrows(
          IllegalArgumentException.class, () -> Tls.client(pair.client().netConn(), nobody, ""));
      assertThrows(IllegalArgumentException.class, () -> Tls.listen("tcp", "127.0.0.1:0", nobody));
    }
  }

  /** Follows Go's TestHandshakeServerSNIGetCertificate (handshake_server_test.go). */
  @Test
  void aSourceIsAskedBeforeTheCertificates() throws Exception {
    CertificateSource source = hello -> hello.serverName().equals("b.test") ? Certs.OTHER : null;
    for (String name : List.of("b.test", "localhost")) {
      try (TlsPair pair =
          TlsPair.of(Certs.client().serverName(name), Certs.server().certificateSource(source))) {
        assertEquals(NONE, pair.shake());
        assertTrue(
            (name.equals("b.test") ? Certs.OTHER : Certs.LOCAL)
                .leaf()
                .equals(shown(pair.client())));
      }
    }
  }

  @Test
  void aConnectionSaysNothingBeforeItsHandshake() throws Exception {
    try (TlsPair pair = TlsPair.of(Certs.client(), Certs.server())) {
      assertNull(pair.client().connectionState());
    }
  }
}
