package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.http.ConnState;
import dev.raddle.http.Handler;
import dev.raddle.http.Http;
import dev.raddle.http.Server;
import dev.raddle.http2.FrameClient.Frame;
import dev.raddle.net.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections begin and end. Follows Go's http2/server_test.go and serve_test.go. */
@Timeout(60)
class LifeTest {
  private static FutureTask<String> shutdown(Server server) {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              server.shutdown(Context.background());
              return "done";
            });
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** Follows TestServerGracefulShutdown: no new requests, and time for the old ones. */
  @Test
  void shutdownWaitsForRequests() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          started.countDown();
          end.await();
          w.write("answered");
        };
    try (Server server = Fixture.start(Fixture.h2c(handler));
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "GET", "/", true);
      assertTrue(started.await(20, TimeUnit.SECONDS));
      FutureTask<String> shutdown = shutdown(server);
      Frame goAway = client.next(FrameClient.GOAWAY);
      assertEquals(FrameClient.NO_ERROR, goAway.error());
      assertEquals(1, goAway.lastStreamId());
      client.sendRequest(3, "GET", "/", true); // not seen any more
      client.sendFrame(FrameClient.PING, 0, 0, new byte[8]);
      assertTrue(client.next(FrameClient.PING).has(FrameClient.ACK));
      assertTrue(!shutdown.isDone());
      end.countDown();
      assertEquals("answered", client.answer(1).body());
      client.assertCloses();
      assertEquals("done", shutdown.get(20, TimeUnit.SECONDS));
    } finally {
      end.countDown();
    }
  }

  /** Its handler ends after the connection has failed, and the client holds on to it. */
  @Test
  void aHandlerThatEndsLateDoesNotKeepABrokenConnection() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          started.countDown();
          end.await();
        };
    try (Server server = Fixture.start(Fixture.h2c(handler));
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "GET", "/", true);
      assertTrue(started.await(20, TimeUnit.SECONDS));
      client.sendFrame(FrameClient.PING, 0, 1, new byte[8]); // belongs to no stream
      assertEquals(FrameClient.PROTOCOL_ERROR, client.next(FrameClient.GOAWAY).error());
      end.countDown();
      assertEquals("done", shutdown(server).get(20, TimeUnit.SECONDS));
    } finally {
      end.countDown();
    }
  }

  /** Idle connections are told, and not waited for beyond a second. */
  @Test
  void shutdownEndsIdleConnections() throws Exception {
    try (Server server = Fixture.start(Fixture.h2c((w, r) -> {}));
        FrameClient silent = new FrameClient(server.address());
        FrameClient client = new FrameClient(server.address())) {
      assertEquals(200, client.get(1, "/").status());
      silent.next(FrameClient.SETTINGS);
      FutureTask<String> shutdown = shutdown(server);
      client.assertGoesAway(FrameClient.NO_ERROR);
      assertEquals("done", shutdown.get(20, TimeUnit.SECONDS)); // neither of them closes
    }
  }

  /** Follows TestServerIdleTimeout. */
  @Test
  void idleConnectionsEnd() throws Exception {
    try (Server server =
            Fixture.start(Fixture.h2c((w, r) -> {}).idleTimeout(Duration.ofMillis(50)));
        FrameClient client = new FrameClient(server.address())) {
      client.assertGoesAway(FrameClient.NO_ERROR);
    }
  }

  /** Follows TestServerIdleTimeout_AfterRequest: all of it at once, so that nothing is late. */
  @Test
  void aConnectionIsIdleAgainAfterARequest() throws Exception {
    byte[] head = FrameClient.block(FrameClient.request("GET", "/"));
    int flags = FrameClient.END_HEADERS | FrameClient.END_STREAM;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(FrameClient.preface());
    bytes.writeBytes(FrameClient.frame(FrameClient.SETTINGS, 0, 0));
    bytes.writeBytes(FrameClient.frame(FrameClient.HEADERS, flags, 1, head));
    try (Server server =
            Fixture.start(Fixture.h2c((w, r) -> {}).idleTimeout(Duration.ofMillis(50)));
        FrameClient client = new FrameClient(server.address(), bytes.toByteArray())) {
      assertEquals(200, client.answer(1).status());
      client.assertGoesAway(FrameClient.NO_ERROR);
    }
  }

  /** Follows TestServer_... firstSettingsTimeout: who says nothing has no connection. */
  @Test
  void aClientMustGreet() throws Exception {
    try (Server server =
            Fixture.start(Fixture.h2c((w, r) -> {}).readHeaderTimeout(Duration.ofMillis(50)));
        FrameClient client = new FrameClient(server.address(), FrameClient.preface())) {
      client.read(Integer.MAX_VALUE); // to the end; an acknowledgement would be no greeting
    }
  }

  /** Follows TestServer_StateTransitions. */
  @Test
  void statesAreReported() throws Exception {
    List<ConnState> states = new CopyOnWriteArrayList<>();
    try (Server server =
        Fixture.start(Fixture.h2c((w, r) -> {}).connState((conn, state) -> states.add(state)))) {
      try (FrameClient client = new FrameClient(server.address())) {
        assertEquals(200, client.get(1, "/").status());
        Fixture.until("idle again", () -> states.size() == 5);
      }
      Fixture.until("closed", () -> states.size() == 6);
      assertEquals(
          List.of(
              ConnState.NEW,
              ConnState.ACTIVE,
              ConnState.IDLE,
              ConnState.ACTIVE,
              ConnState.IDLE,
              ConnState.CLOSED),
          states);
    }
  }

  /** A server of h2c is one of HTTP/1 as well; one that was not told so knows no h2c. */
  @Test
  void http1GoesOn() throws Exception {
    Handler handler = (w, r) -> w.write(r.proto());
    try (Server server = Fixture.start(Fixture.h2c(handler))) {
      assertEquals("HTTP/1.1", Http.get("http://" + HostPort.of(server.address())).text());
    }
    try (Server server = Fixture.start(Server.builder().addr("127.0.0.1:0").handler(handler));
        FrameClient client = new FrameClient(server.address(), FrameClient.preface())) {
      assertEquals("HTTP/1.1 505", client.read(12));
    }
  }

  /** Prefaces that come in pieces, and beginnings that are none. */
  @Test
  void aPrefaceMayComeInPieces() throws Exception {
    Handler handler = (w, r) -> w.write(r.proto());
    try (Server server = Fixture.start(Fixture.h2c(handler))) {
      try (FrameClient client = new FrameClient(server.address(), new byte[0])) {
        for (byte b : FrameClient.preface()) {
          client.send(new byte[] {b});
        }
        client.sendSettings();
        assertEquals("HTTP/2.0", client.get(1, "/").body());
      }
      try (FrameClient client = new FrameClient(server.address(), new byte[0])) {
        for (String part : List.of("P", "OST / HTTP/1.0\r\n", "Content-Length: 0\r\n\r\n")) {
          client.send(part.getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals("HTTP/1.0 200", client.read(12));
      }
    }
  }

  /** The close of a server reaches handlers that wait. */
  @Test
  void closeEndsRequests() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          started.countDown();
          assertThrows(IOException.class, () -> r.body().read());
          ended.countDown();
        };
    Server server = Fixture.start(Fixture.h2c(handler));
    try (FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "POST", "/", false);
      assertTrue(started.await(20, TimeUnit.SECONDS));
    } finally {
      server.close();
    }
    assertTrue(ended.await(20, TimeUnit.SECONDS));
  }

  private static int descriptors() {
    String[] open = new File("/proc/self/fd").list();
    assumeTrue(open != null, "no /proc");
    return open == null ? 0 : open.length;
  }

  /** Nothing stays behind: neither of clients that leave in order, nor of those that vanish. */
  @Test
  void nothingIsLeft() throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/wait")) {
            r.context().done().recv();
          }
          w.write("x".repeat(10_000));
        };
    warmUp(handler);
    int goroutines = Go.numGoroutine();
    int descriptors = descriptors();
    try (Server server = Fixture.start(Fixture.h2c(handler))) {
      List<FrameClient> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        FrameClient client = new FrameClient(server.address());
        clients.add(client);
        assertEquals(200, client.get(1, "/").status());
        client.sendRequest(3, "GET", "/wait", true);
        client.sendRequest(5, "POST", "/wait", false);
        client.sendData(5, "half", false);
      }
      for (FrameClient client : clients) {
        client.close();
      }
      try (CancelContext patience = Context.background().withTimeout(Duration.ofSeconds(20))) {
        server.shutdown(patience);
      }
    }
    Fixture.until("goroutines", () -> Go.numGoroutine() <= goroutines);
    Fixture.until("descriptors", () -> descriptors() <= descriptors);
  }

  private static void warmUp(Handler handler) throws IOException {
    try (Server server = Fixture.start(Fixture.h2c(handler));
        FrameClient client = new FrameClient(server.address())) {
      assertEquals(200, client.get(1, "/").status());
    }
  }
}
