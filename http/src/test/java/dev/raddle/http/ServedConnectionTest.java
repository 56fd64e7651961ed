package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections of a server begin, go on and end: further tests of Go's serve_test.go. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class ServedConnectionTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  /** Follows TestHandlersCanSetConnectionClose10. */
  @Test
  void aHandlerMayEndAnOldConnectionThatWasToBeKept() throws IOException {
    try (TestServer server = TestServer.start((w, r) -> w.header().set("Connection", "close"));
        RawClient client = new RawClient(server.server().address())) {
      String text = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").readAll();
      assertTrue(text.startsWith("HTTP/1.0 200 OK\r\nConnection: close\r\n"), text);
    }
  }

  /**
   * Follows TestServerGracefulClose: whoever still sends gets the answer and the end, no reset.
   * Half a second after the end it would be one, so that there are further tries.
   */
  @Test
  void anAnswerIsReadableThoughTheRequestWasNotRead() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n";
    try (TestServer server =
        TestServer.start((w, r) -> Http.error(w, "bye", Http.STATUS_UNAUTHORIZED))) {
      String text = "";
      for (int i = 0; i < 5 && text.isEmpty(); i++) {
        try (RawClient client = new RawClient(server.server().address())) {
          Thread writer = Thread.ofPlatform().start(() -> send(client, head));
          try {
            text = client.readAll();
          } catch (IOException reset) {
            text = "";
          }
          writer.join(); // it ends when the server closes
        }
      }
      assertTrue(text.startsWith("HTTP/1.1 401 Unauthorized\r\n") && text.endsWith("bye\n"), text);
    }
  }

  private static void send(RawClient client, String head) {
    try {
      client.send(head).send("x".repeat(5_000_000));
    } catch (IOException closed) {
      assertTrue(head.startsWith("POST"), head); // the answer is what counts
    }
  }

  /** Follows TestHandlerBodyClose: whether what is left of a body lets another request follow. */
  @ParameterizedTest
  @CsvSource({
    "20480, false, false, true",
    "20480, true, false, true",
    "20480, false, true, false",
    "20480, true, true, false",
    "1048576, false, false, false",
    "1048576, true, false, false",
    "1048576, true, true, false",
    "1048576, false, true, false",
  })
  void theRestOfABodyDecidesWhetherAnotherRequestFollows(
      int size, boolean chunked, boolean close, boolean another) throws Exception {
    AtomicInteger requests = new AtomicInteger();
    Handler handler =
        (w, r) -> {
          requests.incrementAndGet();
          r.body().close();
        };
    String body = "x".repeat(size);
    String framing =
        chunked
            ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(size) + "\r\n" + body
            : "Content-Length: " + size + "\r\n\r\n" + body;
    String request =
        ("POST / HTTP/1.1\r\nHost: x\r\n" + (close ? "Connection: close\r\n" : ""))
            + (framing + (chunked ? "\r\n0\r\n\r\n" : "") + (close ? "" : GET));
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      client.send(request).endOutput();
                    } catch (IOException closed) {
                      assertTrue(requests.get() <= 2);
                    }
                  });
      String text = client.read(0);
      assertTrue(text.startsWith("HTTP/1.1 200 OK\r\n"), text);
      assertEquals(another, isAnswered(client));
      writer.join(); // it ends when the server closes
    }
    assertEquals(another ? 2 : 1, requests.get());
  }

  private static boolean isAnswered(RawClient client) {
    try {
      return client.read(0).startsWith("HTTP/1.1 200 OK\r\n");
    } catch (IOException reset) {
      return false; // what was sent was too much
    }
  }

  /** Follows TestServerRequestBodyCloseAfterPartialRead. */
  @Test
  void aBodyThatIsClosedHalfReadIsSkipped() throws IOException {
    Handler handler =
        (w, r) -> {
          byte[] two = r.body().readNBytes(2);
          r.body().close();
          w.write(new String(two, StandardCharsets.US_ASCII));
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      for (int i = 0; i < 2; i++) {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\ntest");
        assertTrue(client.read(2).endsWith("\r\n\r\nte"));
      }
    }
  }

  /** Follows TestServerHijackGetsBackgroundByte_big. */
  @Test
  void aHijackedConnectionGivesAllThatTheServerHasReadAhead() throws Exception {
    CompletableFuture<String> got = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          StringBuilder text = new StringBuilder();
          try (Conn conn = new ResponseController(w).hijack()) {
            ByteBuffer buffer = ByteBuffer.allocate(1000);
            while (conn.read(buffer.clear()) >= 0) {
              text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            }
          }
          got.complete(text.toString());
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send(GET + "x".repeat(8 << 10)).endOutput();
      assertEquals("x".repeat(8 << 10), got.get(20, TimeUnit.SECONDS));
    }
  }

  /** Follows TestServerDuplicateBackgroundRead: requests that come while others are answered. */
  @Test
  void pipelinedRequestsAreAllAnswered() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    List<Thread> writers = new ArrayList<>();
    try (TestServer server = TestServer.start(Http::notFound)) {
      for (int i = 0; i < 3; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client);
        writers.add(Thread.ofPlatform().start(() -> sendMany(client)));
      }
      for (RawClient client : clients) {
        assertEquals(100, client.readAll().split("HTTP/1.1 404 Not Found", -1).length - 1);
        client.close();
      }
      for (Thread writer : writers) {
        writer.join();
      }
    }
  }

  private static void sendMany(RawClient client) {
    try {
      for (int j = 0; j < 100; j++) {
        client.send(GET);
      }
      client.endOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Follows TestServerKeepAliveAfterWriteError: no request is served after a failed write. */
  @Test
  void aFailedWriteEndsTheConnection() throws IOException {
    Set<String> addresses = ConcurrentHashMap.newKeySet();
    Handler handler =
        (w, r) -> {
          addresses.add(r.remoteAddress());
          while (true) {
            w.write("x");
            w.flush(); // until the time to write is over
          }
        };
    ServerBuilder builder = Server.builder().writeTimeout(Duration.ofMillis(50)).handler(handler);
    try (TestServer server = TestServer.start(builder)) {
      for (int i = 0; i < 3; i++) {
        Request request = Request.to("POST", server.url()).build();
        assertThrows(IOException.class, () -> server.client().send(request).text());
      }
      assertEquals(3, addresses.size());
    }
  }

  /** Follows TestConnContextNotModifyingAllContexts. */
  @Test
  void eachConnectionsContextComesFromTheServers() throws Exception {
    List<Context> parents = new CopyOnWriteArrayList<>();
    try (CancelContext base = Context.background().withCancel()) {
      ServerBuilder builder =
          Server.builder()
              .baseContext(listener -> base)
              .connContext(
                  (parent, conn) -> {
                    parents.add(parent);
                    return parent.withCancel();
                  })
              .handler((w, r) -> w.header().set("Connection", "close"));
      try (TestServer server = TestServer.start(builder)) {
        for (int i = 0; i < 2; i++) {
          assertEquals("", server.client().send(Request.to("GET", server.url()).build()).text());
        }
      }
      assertEquals(2, parents.size());
      parents.forEach(parent -> assertSame(base, parent));
    }
  }

  /** Follows TestConcurrentServerServe. */
  @Test
  void aServerServesTwoListenersAtATime() throws Exception {
    for (int i = 0; i < 20; i++) {
      Server server = Server.builder().handler((w, r) -> w.write("hi")).build();
      Set<Listener> listeners = new HashSet<>();
      CountDownLatch ended = new CountDownLatch(2);
      for (int j = 0; j < 2; j++) {
        Listener listener = Net.listen("tcp", "127.0.0.1:0");
        listeners.add(listener);
        Go.go(
            () -> {
              try {
                server.serve(listener);
              } finally {
                ended.countDown();
              }
            });
      }
      for (Listener listener : listeners) {
        try (RawClient client = new RawClient(listener.address())) {
          assertTrue(client.send(GET).read(2).endsWith("hi"));
        }
      }
      server.close();
      ended.await();
    }
  }

  /** Follows TestServerCloseDeadlock. */
  @Test
  void aServerThatNeverServedMayBeClosedTwice() throws IOException {
    Server server = Server.builder().build();
    server.close();
    server.close();
    assertThrows(IllegalStateException.class, server::start);
  }

  /** Follows TestServerShutdownStateNew: who has not said a word is waited for, and then not. */
  @Test
  void aShutdownWaitsForNewConnectionsForAWhile() throws Exception {
    CountDownLatch accepted = new CountDownLatch(1);
    Server server =
        Server.builder()
            .addr("127.0.0.1:0")
            .connState((conn, state) -> accepted.countDown())
            .handler((w, r) -> {})
            .build();
    server.start();
    try (RawClient silent = new RawClient(server.address())) {
      accepted.await();
      try (CancelContext brief = Context.background().withTimeout(Duration.ofMillis(50))) {
        assertThrows(DeadlineExceededException.class, () -> server.shutdown(brief));
      }
      server.shutdown(Context.background());
      assertEquals("", silent.readAll());
    }
  }

  /** Follows TestServerCancelsReadTimeoutWhenIdle: it ends with the request that was read. */
  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.0\r\n\r\n"})
  void theTimeToReadDoesNotEndAHandler(String request) throws Exception {
    Duration time = Duration.ofMillis(250);
    Handler handler =
        (w, r) -> {
          boolean ended =
              Go.select(
                  r.context().done().onRecv(nothing -> true),
                  Go.after(time.multipliedBy(2), () -> false));
          w.write(ended ? "no" : "ok");
        };
    try (TestServer server = TestServer.start(Server.builder().readTimeout(time).handler(handler));
        RawClient client = new RawClient(server.server().address())) {
      assertTrue(client.send(request).read(2).endsWith("ok"));
    }
  }
}
