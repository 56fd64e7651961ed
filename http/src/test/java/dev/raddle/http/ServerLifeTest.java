package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Timeouts, shutdown, states, and how a request's context ends. */
@Timeout(30)
class ServerLifeTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final Duration SHORT = Duration.ofMillis(50);

  private static Server start(ServerBuilder builder, Handler handler) throws IOException {
    Server server = builder.addr("127.0.0.1:0").handler(handler).build();
    server.start();
    return server;
  }

  private static void hello(ResponseWriter w, Request r) {
    w.write("hi");
  }

  /** Follows TestServerReadTimeout: a head that does not come closes the connection silently. */
  @Test
  void aLateHeadClosesTheConnection() throws IOException {
    try (Server server = start(Server.builder().readHeaderTimeout(SHORT), ServerLifeTest::hello);
        RawClient silent = new RawClient(server.address());
        RawClient slow = new RawClient(server.address())) {
      slow.send("GET / HTTP/1.1\r\nHost:");
      assertEquals("", silent.readAll());
      assertEquals("", slow.readAll());
    }
  }

  /** Follows TestServerIdleTimeout and TestServerCancelsReadHeaderTimeoutWhenIdle. */
  @Test
  void anIdleConnectionIsClosedAfterItsTime() throws IOException {
    try (Server server =
            start(
                Server.builder().idleTimeout(SHORT).readHeaderTimeout(Duration.ofSeconds(20)),
                ServerLifeTest::hello);
        RawClient client = new RawClient(server.address())) {
      assertTrue(client.send(GET).read(2).endsWith("hi"));
      assertEquals("", client.readAll());
    }
  }

  /** Follows TestServerReadHeaderTimeoutIsCleared. */
  @Test
  void theTimeForTheHeadDoesNotCountForTheHandlerOrTheBody() throws IOException {
    try (Server server =
            start(
                Server.builder().readHeaderTimeout(SHORT).idleTimeout(Duration.ofSeconds(20)),
                (w, r) -> {
                  Go.sleep(SHORT.multipliedBy(3));
                  w.write(r.body().readAllBytes());
                });
        RawClient client = new RawClient(server.address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
      assertTrue(client.read(2).endsWith("ab"));
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\ncd");
      assertTrue(client.read(2).endsWith("cd"));
    }
  }

  /** Follows TestRequestBodyTimeoutClosesConnection: the handler is told, and can still answer. */
  @Test
  void aLateBodyFailsItsReadAndTheHandlerAnswers() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    try (Server server =
            start(
                Server.builder().readTimeout(SHORT),
                (w, r) -> {
                  try {
                    r.body().readAllBytes();
                  } catch (IOException e) {
                    failure.complete(e);
                    Http.error(w, "late", Http.STATUS_REQUEST_TIMEOUT);
                  }
                });
        RawClient client = new RawClient(server.address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
      String answer = client.readAll();
      assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
      assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
      assertTrue(failure.get(1, TimeUnit.SECONDS) instanceof SocketTimeoutException);
    }
  }

  /** Follows TestServerNoReadTimeout and TestServerNoWriteTimeout. */
  @Test
  void withoutLimitsAClientMayTakeItsTime() throws Exception {
    try (Server server =
            start(
                Server.builder().readTimeout(Duration.ZERO).writeTimeout(Duration.ZERO),
                (w, r) -> w.write(r.body().readAllBytes()));
        RawClient client = new RawClient(server.address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
      Thread.sleep(SHORT.multipliedBy(2)); // nothing to wait for: nothing happens
      assertTrue(client.send("b").read(2).endsWith("ab"));
    }
  }

  /** Follows TestServerWriteTimeout and TestOnlyWriteTimeout: a client that does not read. */
  @Test
  void aSlowReaderEndsTheWrite() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    try (Server server =
            start(
                Server.builder().writeTimeout(SHORT),
                (w, r) -> {
                  try {
                    while (true) {
                      w.write(new byte[1 << 20]);
                    }
                  } catch (UncheckedIOException e) {
                    failure.complete(e);
                    throw e;
                  }
                });
        RawClient client = new RawClient(server.address())) {
      client.send(GET);
      Throwable e = failure.get(20, TimeUnit.SECONDS);
      assertTrue(e.getCause() instanceof SocketTimeoutException, String.valueOf(e.getCause()));
    }
  }

  /** Follows TestWriteDeadlineExtendedOnNewRequest. */
  @Test
  void eachRequestHasItsOwnTimeToWrite() throws Exception {
    try (Server server =
            start(Server.builder().writeTimeout(Duration.ofSeconds(2)), ServerLifeTest::hello);
        RawClient client = new RawClient(server.address())) {
      for (int i = 0; i < 3; i++) {
        assertTrue(client.send(GET).read(2).endsWith("hi"));
      }
    }
  }

  /** Follows TestResponseControllerSetPastWriteDeadline and ...SetPastReadDeadline. */
  @Test
  void deadlinesInThePastFailAtOnce() throws Exception {
    BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    CountDownLatch failed = new CountDownLatch(1);
    try (Server server =
            start(
                Server.builder(),
                (w, r) -> {
                  ResponseController c = new ResponseController(w);
                  c.setReadDeadline(Instant.now().minusSeconds(1));
                  failures.add(assertThrows(IOException.class, () -> r.body().read()));
                  failed.countDown();
                  c.setReadDeadline(null);
                  assertEquals('a', r.body().read());
                  c.setWriteDeadline(Instant.now().minusSeconds(1));
                  Go.sleep(SHORT);
                  failures.add(assertThrows(IOException.class, c::flush));
                });
        RawClient client = new RawClient(server.address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
      failed.await();
      assertEquals("", client.send("a").readAll());
      assertEquals(2, failures.size());
    }
  }

  /**
   * Follows what conn.serve of Go's server does after a request: its deadlines, here passed when it
   * ends, are not those of the wait for the next one, nor of that.
   */
  @ParameterizedTest
  @CsvSource({
    "false, false, false",
    "false, false, true",
    "false, true, false",
    "false, true, true",
    "true, false, false",
    "true, false, true",
    "true, true, false",
    "true, true, true",
  })
  void deadlinesOfARequestEndWithIt(boolean ofServer, boolean watched, boolean pipelined)
      throws Exception {
    Duration limit = ofServer ? Duration.ofSeconds(20) : Duration.ZERO;
    ServerBuilder builder =
        Server.builder().readTimeout(limit).idleTimeout(limit).writeTimeout(limit);
    try (Server server =
            start(
                builder,
                (w, r) -> {
                  if (watched) {
                    r.context(); // a second goroutine reads
                  }
                  byte[] body = r.body().readAllBytes();
                  ResponseController c = new ResponseController(w);
                  w.header().set("Content-Length", "2");
                  w.write(body);
                  c.flush();
                  c.setReadDeadline(Instant.now().minusSeconds(1));
                  c.setWriteDeadline(Instant.now().minusSeconds(1));
                });
        RawClient client = new RawClient(server.address())) {
      for (int i = 0; i < 200; i++) { // the timer of a deadline may fire between any two steps
        String request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab";
        client.send(pipelined ? request + request : request);
        for (int j = 0; j < (pipelined ? 2 : 1); j++) {
          assertTrue(client.read(2).endsWith("\r\n\r\nab"), "answer " + i + "." + j);
        }
      }
    }
  }

  /** Follows TestServerShutdown: idle ones close, the others finish, hooks run, clients hear it. */
  @Test
  void shutdownWaitsForRequestsAndClosesIdleConnections() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch hook = new CountDownLatch(1);
    Server server =
        start(
            Server.builder(),
            (w, r) -> {
              if (r.path().equals("/slow")) {
                entered.countDown();
                goOn.await();
              }
              w.write("hi");
            });
    server.registerOnShutdown(hook::countDown);
    try (RawClient idle = new RawClient(server.address());
        RawClient busy = new RawClient(server.address())) {
      idle.send(GET).read(2);
      busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      entered.await();
      try (CancelContext brief = Context.background().withTimeout(SHORT)) {
        assertThrows(DeadlineExceededException.class, () -> server.shutdown(brief));
      }
      assertEquals("", idle.readAll());
      assertTrue(hook.await(10, TimeUnit.SECONDS));
      goOn.countDown();
      server.shutdown(Context.background());
      assertTrue(busy.readAll().endsWith("\r\nConnection: close\r\n\r\nhi"));
    }
    assertThrows(IllegalStateException.class, server::start); // TestServerShutdownThenServe
  }

  /** Follows TestServerKeepAlivesEnabled and TestServerSetKeepAlivesEnabledClosesConns. */
  @Test
  void withoutKeepAlivesEachConnectionServesOneRequest() throws Exception {
    try (Server server = start(Server.builder(), ServerLifeTest::hello);
        RawClient idle = new RawClient(server.address())) {
      idle.send(GET).read(2);
      server.setKeepAlivesEnabled(false);
      assertEquals("", idle.readAll());
      try (RawClient next = new RawClient(server.address())) {
        assertTrue(next.send(GET).readAll().endsWith("\r\nConnection: close\r\n\r\nhi"));
      }
    }
  }

  /** Follows TestServerConnState. */
  @Test
  void statesAreReportedInOrder() throws Exception {
    BlockingQueue<ConnState> states = new LinkedBlockingQueue<>();
    ServerBuilder builder = Server.builder().connState((conn, state) -> states.add(state));
    try (Server server =
        start(
            builder,
            (w, r) -> {
              if (r.path().equals("/hijack")) {
                new ResponseController(w).hijack().close();
              } else {
                w.write("hi");
              }
            })) {
      try (RawClient client = new RawClient(server.address())) {
        client.send(GET).read(2);
        client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").readAll();
      }
      expect(states, "new active idle active closed");
      try (RawClient client = new RawClient(server.address())) {
        client.send("GET /hijack HTTP/1.1\r\nHost: x\r\n\r\n").readAll();
      }
      expect(states, "new active hijacked");
      try (RawClient client = new RawClient(server.address())) {
        client.endOutput(); // TestServerConnStateNew
        client.readAll();
      }
      expect(states, "new closed");
    }
  }

  private static void expect(BlockingQueue<ConnState> states, String expected)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < expected.split(" ", -1).length; i++) {
      text.append(i == 0 ? "" : " ").append(states.poll(10, TimeUnit.SECONDS));
    }
    assertEquals(expected, text.toString());
  }

  /** Follows TestServerRequestContextCancel_ConnClose and TestCloseNotifier. */
  @Test
  void theContextEndsWhenTheClientLeaves() throws Exception {
    CompletableFuture<Context> ended = new CompletableFuture<>();
    CountDownLatch entered = new CountDownLatch(1);
    try (Server server =
        start(
            Server.builder(),
            (w, r) -> {
              r.body().readAllBytes();
              Context context = r.context();
              entered.countDown();
              context.done().recv();
              ended.complete(context);
            })) {
      try (RawClient client = new RawClient(server.address())) {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
        entered.await();
      }
      assertNotNull(ended.get(10, TimeUnit.SECONDS).err());
    }
  }

  /** Follows TestServerRequestContextCancel_ServeHTTPDone and TestCloseNotifierPipelined. */
  @Test
  void theContextEndsWithTheHandlerAndPipelinedBytesDoNotEndIt() throws Exception {
    BlockingQueue<Context> contexts = new LinkedBlockingQueue<>();
    BlockingQueue<Boolean> early = new LinkedBlockingQueue<>();
    try (Server server =
            start(
                Server.builder(),
                (w, r) -> {
                  contexts.add(r.context());
                  Go.sleep(SHORT);
                  early.add(r.context().err() != null);
                  w.write("hi");
                });
        RawClient client = new RawClient(server.address())) {
      client.send(GET);
      client.send(GET + GET);
      for (int i = 0; i < 3; i++) {
        assertTrue(client.read(2).endsWith("hi"));
        Context context = contexts.take();
        context.done().recv();
        assertNotNull(context.err());
        assertFalse(early.take());
      }
    }
  }

  /** Follows TestServerContexts: base and connection contexts are the parents. */
  @Test
  void contextsAreDerivedFromBaseAndConnection() throws Exception {
    CancelContext base = Context.background().withCancel();
    CompletableFuture<CancelContext> own = new CompletableFuture<>();
    ServerBuilder builder =
        Server.builder()
            .baseContext(listener -> base)
            .connContext(
                (parent, conn) -> {
                  CancelContext made = parent.withCancel();
                  own.complete(made);
                  return made;
                });
    try (Server server =
            start(
                builder,
                (w, r) -> {
                  own.get().cancel();
                  r.context().done().recv();
                  w.write("ended");
                });
        RawClient client = new RawClient(server.address())) {
      assertTrue(client.send(GET).read(5).endsWith("ended"));
      assertEquals(null, base.err());
    }
  }

  /** Follows TestHandlerPanicNil and ErrAbortHandler's documentation. */
  @Test
  void anAbortedHandlerLeavesNoWordInTheLog() throws Exception {
    LogLines log = new LogLines();
    try (Server server =
        start(
            Server.builder().errorLog(log),
            (w, r) -> {
              if (r.path().equals("/abort")) {
                throw new AbortHandlerException();
              }
              throw new IllegalStateException("boom");
            })) {
      try (RawClient client = new RawClient(server.address())) {
        client.send("GET /abort HTTP/1.1\r\nHost: x\r\n\r\n").readAll();
      }
      assertEquals(List.of(), log.lines());
      try (RawClient client = new RawClient(server.address())) {
        client.send(GET).readAll();
      }
      assertEquals(1, log.lines().size());
      assertTrue(log.lines().getFirst().startsWith("http: handler failed on GET / HTTP/1.1 from"));
    }
  }
}
