package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.Handler;
import dev.raddle.http.Http2Config;
import dev.raddle.http.RequestBuilder;
import dev.raddle.http.Response;
import dev.raddle.http2.Pair.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How connections, servers and transports live and end, by all protocols alike. Follows what Go
 * runs in several modes of serve_test.go and transport_test.go.
 */
@Timeout(60)
class ModesLifeTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  private static CompletableFuture<String> shutdown(Pair pair) {
    CompletableFuture<String> future = new CompletableFuture<>();
    Go.go(
        () -> {
          try {
            pair.server.shutdown(Context.background());
            future.complete("done");
          } catch (IOException | InterruptedException e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  /** Follows TestServerShutdown. */
  @ParameterizedTest
  @EnumSource
  void aShutdownWaitsForRequests(Mode mode) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          w.write("begun ");
          w.flush();
          end.await();
          w.write("ended");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      CompletableFuture<String> told = new CompletableFuture<>();
      pair.server.registerOnShutdown(() -> told.complete("told"));
      Response response = pair.get("/");
      CompletableFuture<String> shutdown = shutdown(pair);
      assertEquals("told", await(told));
      Fixture.until("refusal", () -> isRefused(pair));
      try (CancelContext soon = Context.background().withTimeout(Duration.ofMillis(10))) {
        assertThrows(CanceledException.class, () -> pair.server.shutdown(soon));
      }
      assertFalse(shutdown.isDone());
      end.countDown();
      assertEquals("begun ended", response.text());
      assertEquals("done", await(shutdown));
    } finally {
      end.countDown();
    }
  }

  /** Whether another client cannot begin. */
  private static boolean isRefused(Pair pair) {
    try (Socket socket = new Socket()) {
      socket.connect(pair.server.address());
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Follows TestServerRequestContextCancel_ConnClose, by the close of the server. */
  @ParameterizedTest
  @EnumSource
  void aCloseEndsRequests(Mode mode) throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/body")) {
            w.write("begun");
            w.flush();
          }
          begun.countDown();
          r.context().done().recv();
          seen.add("ended");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      CompletableFuture<Response> head = send(pair.transport, pair.to("GET", "/head").build());
      try (Response body = pair.get("/body")) {
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        pair.server.close();
        assertInstanceOf(IOException.class, failure(head));
        assertThrows(IOException.class, () -> body.body().readAllBytes());
      }
      assertEquals("ended", seen());
      assertEquals("ended", seen());
    }
  }

  /** Follows TestServerContexts and TestConnContextNotModifyingAllContexts. */
  @ParameterizedTest
  @EnumSource
  void contextsAreDerivedFromThoseOfServerAndConnection(Mode mode) throws Exception {
    Context.Key<String> base = Context.Key.of("base");
    Context.Key<String> conn = Context.Key.of("conn");
    AtomicInteger connections = new AtomicInteger();
    Handler handler = (w, r) -> w.write(r.context().value(base) + " " + r.context().value(conn));
    try (Pair pair =
        Pair.ofServer(
            mode,
            handler,
            s ->
                s.baseContext(listener -> Context.background().withValue(base, "b"))
                    .connContext(
                        (ctx, c) -> ctx.withValue(conn, "c" + connections.incrementAndGet())))) {
      assertEquals("b c1", pair.get("/").text());
      assertEquals("b c1", pair.get("/").text());
      pair.transport.closeIdleConnections();
      assertEquals("b c2", pair.get("/").text());
    }
  }

  /** Follows TestServerIdleTimeout and TestTransportRemovesDeadIdleConnections. */
  @ParameterizedTest
  @EnumSource
  void anIdleConnectionIsReplacedAfterItsTime(Mode mode) throws Exception {
    Handler handler = (w, r) -> w.write(r.remoteAddress());
    List<String> states = new CopyOnWriteArrayList<>();
    try (Pair pair =
        Pair.ofServer(
            mode,
            handler,
            s ->
                s.idleTimeout(Duration.ofMillis(300))
                    .connState((conn, state) -> states.add(state.name())))) {
      String first = pair.get("/").text();
      Fixture.until("the end of the connection", () -> states.contains("CLOSED"));
      Fixture.until("another one", () -> !first.equals(again(pair)));
    }
  }

  private static String again(Pair pair) {
    try {
      return pair.get("/").text();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Follows TestServerKeepAlivesEnabled. */
  @ParameterizedTest
  @EnumSource
  void withoutKeepAlivesConnectionsAreNotUsedAgain(Mode mode) throws Exception {
    Handler handler = (w, r) -> w.write(r.remoteAddress());
    try (Pair pair = Pair.of(mode, handler)) {
      String first = pair.get("/").text();
      assertEquals(first, pair.get("/").text());
      pair.server.setKeepAlivesEnabled(false);
      Fixture.until("another connection", () -> !first.equals(again(pair)));
      String second = again(pair);
      Fixture.until("a third one", () -> !second.equals(again(pair)));
    }
  }

  /** Follows TestCloseIdleConnections and TestTransportReadToEndReusesConn. */
  @ParameterizedTest
  @EnumSource
  void idleConnectionsAreClosedWhenTold(Mode mode) throws Exception {
    Handler handler = (w, r) -> w.write(r.remoteAddress());
    try (Pair pair = Pair.of(mode, handler)) {
      String first = pair.get("/").text();
      assertEquals(first, pair.get("/").text());
      pair.transport.closeIdleConnections();
      assertNotEquals(first, pair.get("/").text());
    }
  }

  /**
   * Follows TestTransportMaxConnsPerHost and TestServer_Rejects_Too_Many_Streams, by our client.
   */
  @ParameterizedTest
  @EnumSource
  void moreRequestsThanAreAllowedWait(Mode mode) throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Handler handler =
        (w, r) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          w.write(r.body().readAllBytes());
          w.flush();
          now.decrementAndGet();
        };
    Http2Config few = Http2Config.DEFAULT.withMaxConcurrentStreams(3);
    try (Pair pair =
        Pair.of(mode, handler, s -> s.http2(few), t -> t.maxConnsPerHost(mode.isHttp2() ? 1 : 3))) {
      assertEquals("first", pair.send(pair.to("POST", "/").body("first")).text());
      List<CompletableFuture<String>> all = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        RequestBuilder request = pair.to("POST", "/").body("body " + i);
        CompletableFuture<String> one = new CompletableFuture<>();
        all.add(one);
        Go.go(
            () -> {
              try {
                one.complete(pair.send(request).text()); // until then it has its connection
              } catch (Throwable e) {
                one.completeExceptionally(e);
              }
            });
      }
      for (int i = 0; i < all.size(); i++) {
        assertEquals("body " + i, await(all.get(i)));
      }
      assertTrue(
          most.get() <= 3 + 3, "handlers at a time: " + most); // the last end as others begin
    }
  }

  /** Follows TestServerReadTimeout and TestServerNoReadTimeout: the time for a body. */
  @ParameterizedTest
  @EnumSource
  void aBodyThatIsLateFails(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          try {
            seen.add(Fixture.read(r));
          } catch (SocketTimeoutException e) {
            seen.add("late");
          }
        };
    try (Pair pair = Pair.ofServer(mode, handler, s -> s.readTimeout(Duration.ofSeconds(1)))) {
      Feed feed = new Feed();
      feed.send("begun");
      CompletableFuture<Response> sent =
          send(pair.transport, pair.to("POST", "/").body(feed, -1).build());
      assertEquals("late", seen());
      feed.end();
      sent.handle((response, e) -> "ended").get(20, TimeUnit.SECONDS);
    }
  }

  /** Follows TestCancelRequestWhenSharingConnection and TestTransportResponseCancelRace. */
  @ParameterizedTest
  @EnumSource
  void aRequestThatIsCanceledTakesNoOtherAlong(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/wait")) {
            r.context().done().recv();
          }
          w.write("ok");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (int i = 0; i < 30; i++) {
        try (CancelContext ctx = Context.background().withCancel()) {
          CompletableFuture<Response> one =
              send(pair.transport, pair.to("GET", "/wait").context(ctx).build());
          CompletableFuture<Response> two = send(pair.transport, pair.to("GET", "/").build());
          ctx.cancel(null);
          assertInstanceOf(IOException.class, failure(one));
          assertEquals("ok", await(two).text());
        }
      }
    }
  }

  /** Follows TestServerCancelsReadTimeoutWhenIdle: the time to read ends with the reading. */
  @ParameterizedTest
  @EnumSource
  void theTimeToReadDoesNotEndAHandler(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          Fixture.read(r);
          w.write(
              Go.select(
                  r.context().done().onRecv(nothing -> "canceled"),
                  Go.after(Duration.ofMillis(300), () -> "went on")));
        };
    try (Pair pair = Pair.ofServer(mode, handler, s -> s.readTimeout(Duration.ofMillis(100)))) {
      for (int i = 0; i < 2; i++) {
        assertEquals("went on", pair.send(pair.to("POST", "/").body("body")).text());
      }
    }
  }
}
