package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.Handler;
import dev.raddle.http.Headers;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Server;
import dev.raddle.http.Transport;
import dev.raddle.http.TransportBuilder;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.TlsCertificate;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Client and server of ours with each other. Follows Go's clientserver_test.go. */
@Timeout(60)
class ClientAndServerTest {
  private static TlsConfig serverConfig = TlsConfig.builder().build();
  private static TlsConfig clientConfig = TlsConfig.builder().build();

  @BeforeAll
  static void makeCertificate() throws Exception {
    TlsCertificate certificate = Fixture.certificate();
    serverConfig = TlsConfig.builder().certificate(certificate).build();
    clientConfig = TlsConfig.builder().rootCas(certificate.chain()).build();
  }

  private static Server start(Handler handler, String... protocols) throws IOException {
    TlsConfig config = serverConfig.toBuilder().nextProtos(protocols).build();
    Server server = Server.builder().addr("127.0.0.1:0").tlsConfig(config).handler(handler).build();
    server.startTLS();
    return server;
  }

  private static String url(Server server) {
    return "https://" + HostPort.of(server.address()) + "/";
  }

  private static TransportBuilder transport() {
    return Transport.builder().proxy(request -> null).tlsClientConfig(clientConfig);
  }

  private static Request get(Server server) {
    return Request.to("GET", url(server)).build();
  }

  /** Follows Go's TestTransportAutomaticHTTP2 and TestH12_*. */
  @Test
  void http2IsSpokenIfBothKnowIt() throws Exception {
    Handler handler = (w, r) -> w.write(r.proto() + " " + r.remoteAddress());
    try (Server server = start(handler);
        Transport t = transport().build()) {
      Set<String> answers = new HashSet<>();
      List<CompletableFuture<Response>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(send(t, get(server)));
      }
      for (CompletableFuture<Response> one : all) {
        Response response = await(one);
        assertEquals("HTTP/2.0", response.proto());
        assertEquals("h2", Objects.requireNonNull(response.tls()).negotiatedProtocol());
        answers.add(response.text());
      }
      assertEquals(1, answers.size());
      assertTrue(answers.iterator().next().startsWith("HTTP/2.0 "), answers.toString());
    }
  }

  /** Follows Go's TestTransportAutomaticHTTP2_..., where either side does not want it. */
  @Test
  void http1IsSpokenIfOneDoesNot() throws Exception {
    Handler handler = (w, r) -> w.write(r.proto());
    TlsConfig onlyHttp1 = clientConfig.toBuilder().nextProtos("http/1.1").build();
    try (Server both = start(handler);
        Server old = start(handler, "http/1.1");
        Transport t = transport().build();
        Transport disabled = transport().disableHttp2().build();
        Transport named = transport().tlsClientConfig(onlyHttp1).build();
        Transport once = transport().disableKeepAlives().build()) {
      assertEquals("HTTP/1.1", disabled.roundTrip(get(both)).text());
      assertEquals("HTTP/1.1", named.roundTrip(get(both)).text());
      assertEquals("HTTP/1.1", once.roundTrip(get(both)).text());
      List<CompletableFuture<Response>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(send(t, get(old)));
      }
      for (CompletableFuture<Response> one : all) {
        assertEquals("HTTP/1.1", await(one).text());
      }
      assertEquals("HTTP/2.0", t.roundTrip(get(both)).text());
      Request upgrade =
          Request.to("GET", url(both))
              .header("Connection", "Upgrade")
              .header("Upgrade", "websocket")
              .build();
      assertEquals("HTTP/1.1", t.roundTrip(upgrade).text());
    }
  }

  /** Follows Go's TestH12_* and TestTrailersClientToServer, TestTrailersServerToClient. */
  @Test
  void bodiesTrailersAndHintsPass() throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Link", "</a>; rel=preload");
          w.writeHeader(103);
          w.header().set("Trailer", "X-Count");
          byte[] piece = new byte[10_000];
          int count = 0;
          InputStream in = r.body();
          for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            count += n;
            w.write(piece, 0, n);
            w.flush();
          }
          w.header().set("X-Count", count + r.trailer().get("X-Sum"));
        };
    byte[] bytes = new byte[3 << 20];
    new Random(1).nextBytes(bytes);
    try (Server server = Fixture.start(Fixture.h2c(handler));
        Transport t = FrameServer.transport().build()) {
      List<String> hints = new ArrayList<>();
      Headers trailer = new Headers();
      trailer.set("X-Sum", "-of-them");
      Request request =
          Request.to("POST", "http://" + HostPort.of(server.address()) + "/")
              .body(bytes)
              .trailer(trailer)
              .got1xxResponse((status, headers) -> hints.add(status + headers.get("Link")))
              .build();
      try (Response response = t.roundTrip(request)) {
        assertEquals(List.of("103</a>; rel=preload"), hints);
        assertArrayEquals(bytes, response.body().readAllBytes());
        assertEquals(bytes.length + "-of-them", response.trailer().get("X-Count"));
      }
    }
  }

  /** Many at once, of which some are given up. */
  @Test
  void manyRequestsShareAConnection() throws Exception {
    Handler handler = (w, r) -> w.write(r.body().readAllBytes());
    try (Server server = start(handler);
        Transport t = transport().build()) {
      List<CompletableFuture<Response>> all = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        Request request = Request.to("POST", url(server)).body(new byte[1 + i * 300]).build();
        all.add(send(t, request));
      }
      for (int i = 0; i < all.size(); i++) {
        Response response = await(all.get(i));
        if (i % 5 == 0) {
          response.close();
        } else {
          assertEquals(1 + i * 300, response.body().readAllBytes().length);
        }
      }
      assertEquals("x", t.roundTrip(Request.to("PUT", url(server)).body("x").build()).text());
    }
  }

  /** Follows Go's TestTransportCancelRequest: the handler hears of it. */
  @Test
  void theContextOfAHandlerEndsWithThatOfTheRequest() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          begun.countDown();
          r.context().done().recv();
          ended.countDown();
        };
    try (Server server = start(handler);
        Transport t = transport().build();
        CancelContext ctx = Context.background().withCancel()) {
      CompletableFuture<Response> sent =
          send(t, Request.to("GET", url(server)).context(ctx).build());
      assertTrue(begun.await(20, TimeUnit.SECONDS));
      ctx.cancel(null);
      assertInstanceOf(CanceledException.class, failure(sent).getCause());
      assertTrue(ended.await(20, TimeUnit.SECONDS));
    }
  }
}
