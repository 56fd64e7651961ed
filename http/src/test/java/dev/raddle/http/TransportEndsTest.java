package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.Net;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests end before their time, and what is left: further tests of transport_test.go. */
@Timeout(60)
class TransportEndsTest {
  private static TransportBuilder builder() {
    return Transport.builder().proxy(r -> null);
  }

  /** Follows TestTransportResponseCancelRace: a context counts for its own request only. */
  @Test
  void aContextThatEndsAfterItsRequestEndsNoOther() throws Exception {
    try (TestServer server = TestServer.start((w, r) -> w.write(new byte[1024]));
        Transport t = builder().build()) {
      for (int i = 0; i < 500; i++) {
        CancelContext context = Context.background().withCancel();
        t.roundTrip(Request.to("GET", server.url()).context(context).build()).text();
        context.cancel();
        // Not to be sent twice, so that a connection that was closed is noticed.
        assertEquals(1024, t.roundTrip(Request.to("POST", server.url()).build()).text().length());
      }
    }
  }

  /** Follows TestCancelRequestWhenSharingConnection. */
  @Test
  void aRequestThatIsCanceledTakesNoOtherOfItsConnectionAlong() throws Exception {
    SynchronousQueue<Boolean> waiting = new SynchronousQueue<>();
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/wait")) {
            waiting.put(true);
            r.context().done().recv();
          }
        };
    CountDownLatch done = new CountDownLatch(1);
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().maxIdleConns(1).maxConnsPerHost(1).build()) {
      Go.go(
          () -> {
            try {
              for (int i = 0; i < 50; i++) {
                t.roundTrip(Request.to("POST", server.url() + "/").build()).close();
              }
            } catch (IOException e) {
              failures.add(e);
            } finally {
              done.countDown();
            }
          });
      for (int i = 0; i < 50; i++) {
        try (CancelContext context = Context.background().withCancel()) {
          Request request = Request.to("GET", server.url() + "/wait").context(context).build();
          Go.go(
              () -> {
                waiting.take();
                context.cancel();
              });
          IOException e = assertThrows(IOException.class, () -> t.roundTrip(request));
          assertInstanceOf(CanceledException.class, e.getCause());
        }
      }
      done.await();
    }
    assertEquals(List.of(), failures);
  }

  /** Follows TestTransportCancelRequestWithBodyInDo. */
  @Test
  void aRequestWithABodyIsCanceled() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          r.body().readAllBytes(); // else nobody looks whether the client is there
          entered.countDown();
          r.context().done().recv();
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().maxConnsPerHost(1).build();
        CancelContext context = Context.background().withCancel()) {
      Go.go(
          () -> {
            entered.await();
            context.cancel();
          });
      Request request = Request.to("POST", server.url()).body("x").context(context).build();
      IOException e = assertThrows(IOException.class, () -> t.roundTrip(request));
      assertInstanceOf(CanceledException.class, e.getCause());
      assertEquals(0, t.addressesInUse());
    }
  }

  /** Follows TestTransportCancelRequestWithBody. */
  @Test
  void readingAResponseIsCanceled() throws Exception {
    Handler handler =
        (w, r) -> {
          r.body().readAllBytes(); // else nobody looks whether the client is there
          w.write("Hello");
          w.flush();
          r.context().done().recv();
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().maxConnsPerHost(1).build();
        CancelContext context = Context.background().withCancel()) {
      Request request = Request.to("POST", server.url()).body("b").context(context).build();
      try (Response response = t.roundTrip(request)) {
        assertEquals("Hello", new String(response.body().readNBytes(5), StandardCharsets.US_ASCII));
        context.cancel();
        IOException e = assertThrows(IOException.class, () -> response.body().read());
        assertInstanceOf(CanceledException.class, e.getCause());
      }
      assertEquals(0, t.addressesInUse());
    }
  }

  /** Follows TestErrorWriteLoopRace: whenever the time ends, there is an answer or a failure. */
  @Test
  void requestsMayEndAtAnyTime() throws Exception {
    int before = Go.numGoroutine();
    try (TestServer server = TestServer.start((w, r) -> r.body().readAllBytes());
        Transport t = builder().maxConnsPerHost(2).build()) {
      int ended = 0;
      for (int i = 0; i < 200; i++) {
        Duration time = Duration.ofNanos(ThreadLocalRandom.current().nextInt(2_000_000));
        try (CancelContext context = Context.background().withTimeout(time)) {
          Request request =
              Request.to("POST", server.url()).body(new byte[10_000]).context(context).build();
          try (Response response = t.roundTrip(request)) {
            assertEquals(200, response.status());
          } catch (IOException e) {
            ended++;
          }
        }
      }
      assertTrue(ended <= 200 && t.addressesInUse() == 0, "in use: " + t.addressesInUse());
    }
    awaitGoroutines(before);
  }

  /** Ends by the time limit of the class. */
  private static void awaitGoroutines(int before) throws InterruptedException {
    while (Go.numGoroutine() > before) {
      Go.sleep(Duration.ofMillis(5));
    }
  }

  /** Follows TestTransportGzipConcurrentCloseAndRead. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "identity"})
  void closingABodyEndsItsRead(String coding) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Encoding", coding);
          w.writeHeader(200);
          w.flush();
          r.context().done().recv();
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      for (int i = 0; i < 20; i++) {
        Response response = t.roundTrip(Request.to("GET", server.url()).build());
        CountDownLatch reading = new CountDownLatch(1);
        BlockingQueue<Boolean> failed = new LinkedBlockingQueue<>();
        Go.go(
            () -> {
              reading.countDown();
              try {
                failed.add(response.body().read() < -1);
              } catch (IOException e) {
                failed.add(true);
              }
            });
        reading.await();
        response.close();
        assertEquals(true, failed.poll(20, TimeUnit.SECONDS));
      }
    }
  }

  /** Follows TestTransportPersistConnLeakNeverIdle: of a server that always hangs up. */
  @Test
  void connectionsThatTheServerDropsAreClosed() throws Exception {
    AtomicReference<Conn> last = new AtomicReference<>();
    Transport t =
        builder()
            .maxConnsPerHost(1)
            .dialer(
                (context, address) -> {
                  Conn conn = Net.dial(context, "tcp", address);
                  last.set(conn);
                  return conn;
                })
            .build();
    try (WireServer server = WireServer.start((peer, number) -> peer.head())) {
      for (int i = 0; i < 50; i++) {
        Request request = Request.to("POST", server.url()).body("Hello").build();
        assertThrows(IOException.class, () -> t.roundTrip(request));
        Conn conn = last.get();
        assertThrows(IOException.class, () -> conn.read(ByteBuffer.allocate(1)));
      }
      assertEquals(0, t.addressesInUse());
    }
  }

  /** Follows TestTransportPersistConnContextLeakMaxConnsPerHost. */
  @Test
  void noContextOutlivesItsRequest() throws Exception {
    List<WeakReference<Context>> contexts = new CopyOnWriteArrayList<>();
    try (TestServer server = TestServer.start((w, r) -> r.body().readAllBytes());
        Transport t = builder().maxConnsPerHost(1).build()) {
      CountDownLatch done = new CountDownLatch(64);
      for (int i = 0; i < 64; i++) {
        Go.go(
            () -> {
              Context context = Context.background().withCancel();
              contexts.add(new WeakReference<>(context));
              Request request =
                  Request.to("POST", server.url()).body("Hello").context(context).build();
              t.roundTrip(request).close();
              done.countDown();
            });
      }
      done.await();
      while (contexts.stream().anyMatch(context -> context.get() != null)) {
        System.gc(); // ends by the time limit of the class
        Go.sleep(Duration.ofMillis(1));
      }
      assertEquals(64, contexts.size());
    }
  }

  /** Follows TestIdleConnChannelLeak. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsKeptOfHostsThatNobodyWaitsFor(boolean keep) throws Exception {
    try (TestServer server = TestServer.start((w, r) -> {})) {
      String address = server.url().substring("http://".length());
      TransportBuilder b =
          builder().maxConnsPerHost(1).dialer((c, a) -> Net.dial(c, "tcp", address));
      try (Transport t = keep ? b.build() : b.disableKeepAlives().build()) {
        for (int i = 0; i < 5; i++) {
          t.roundTrip(Request.to("GET", "http://foo-host-" + i + ".example/").build()).close();
        }
        assertEquals(0, t.addressesInUse());
        assertEquals(keep ? 5 : 0, t.idleConnections());
      }
    }
  }

  /** Follows TestTransportIssue10457: an answer, and no more. */
  @Test
  void aServerThatAnswersAndHangsUpLeavesNothing() throws Exception {
    int before = Go.numGoroutine();
    try (WireServer server =
            WireServer.start(
                (peer, number) -> {
                  peer.head();
                  peer.write("HTTP/1.1 200 OK\r\nFoo: Bar\r\nContent-Length: 0\r\n\r\n");
                });
        Transport t = builder().build()) {
      try (Response response = t.roundTrip(Request.to("GET", server.url()).build())) {
        assertEquals("Bar", response.header("Foo"));
      }
      while (t.idleConnections() > 0) { // ends by the time limit of the class
        Go.sleep(Duration.ofMillis(1));
      }
    }
    awaitGoroutines(before);
  }

  /** Follows TestIssue4191_InfiniteGetTimeout and ..._InfiniteGetToPutTimeout. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDeadlineOfTheConnectionEndsABodyWithoutEnd(boolean passOn) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/put")) {
            r.body().transferTo(OutputStream.nullOutputStream());
            return;
          }
          while (true) {
            w.write(new byte[1 << 16]);
          }
        };
    List<Conn> dialed = new ArrayList<>();
    Transport t =
        builder()
            .dialer(
                (context, address) -> {
                  Conn conn = Net.dial(context, "tcp", address);
                  dialed.add(conn);
                  if (dialed.size() > 1) {
                    conn.setReadDeadline(Duration.ofMillis(100));
                    conn.setWriteDeadline(Duration.ofMillis(100));
                  }
                  return conn;
                })
            .build();
    try (TestServer server = TestServer.start(handler);
        Response endless = t.roundTrip(Request.to("GET", server.url() + "/get").build())) {
      if (passOn) {
        Request put = Request.to("PUT", server.url() + "/put").body(endless.body(), -1).build();
        assertThrows(IOException.class, () -> t.roundTrip(put));
      } else {
        dialed.getFirst().setReadDeadline(Duration.ofMillis(10));
        assertThrows(
            IOException.class, () -> endless.body().transferTo(OutputStream.nullOutputStream()));
      }
    }
  }
}
