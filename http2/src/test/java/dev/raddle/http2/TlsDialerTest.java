package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.http.Request;
import dev.raddle.http.Server;
import dev.raddle.http.Transport;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.Tls;
import dev.raddle.net.tls.TlsCertificate;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user's own TLS that agrees on HTTP/2. Follows Go's TestTransportDialTLS (clientserver). */
@Timeout(60)
class TlsDialerTest {
  @Test
  void whatTheDialAgreesOnIsSpoken() throws Exception {
    TlsCertificate certificate = Fixture.certificate();
    TlsConfig serves = TlsConfig.builder().certificate(certificate).build();
    TlsConfig both =
        TlsConfig.builder().rootCas(certificate.chain()).nextProtos("h2", "http/1.1").build();
    TlsConfig old = both.toBuilder().nextProtos("http/1.1").build();
    try (Server server =
            Server.builder()
                .addr("127.0.0.1:0")
                .tlsConfig(serves)
                .handler((w, r) -> w.write(r.proto()))
                .build();
        Transport t = transport(both);
        Transport one = transport(old)) {
      server.startTLS();
      String url = "https://" + HostPort.of(server.address()) + "/";
      Request get = Request.to("GET", url).build();
      for (int i = 0; i < 2; i++) {
        assertEquals("HTTP/2.0", t.roundTrip(get).text());
        assertEquals("HTTP/1.1", one.roundTrip(get).text());
      }
      Request upgrade =
          Request.to("GET", url)
              .header("Connection", "Upgrade")
              .header("Upgrade", "websocket")
              .build();
      assertEquals("HTTP/1.1", one.roundTrip(upgrade).text());
      IOException e = assertThrows(IOException.class, () -> t.roundTrip(upgrade));
      assertEquals(
          "net/http: expected a tlsDialer that agrees on http/1.1, for an upgrade, found h2",
          e.getMessage());
    }
  }

  private static Transport transport(TlsConfig config) {
    return Transport.builder()
        .proxy(request -> null)
        .tlsDialer((context, address) -> Tls.dial(context, "tcp", address, config))
        .build();
  }
}
