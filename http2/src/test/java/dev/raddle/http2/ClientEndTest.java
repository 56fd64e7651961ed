package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.context.DeadlineExceededException;
import dev.raddle.http.Client;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Transport;
import dev.raddle.http2.FrameClient.Frame;
import dev.raddle.http2.FrameServer.Head;
import dev.raddle.http2.FrameServer.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How streams and connections of a client end. Follows Go's http2/transport_test.go. */
@Timeout(60)
class ClientEndTest {
  private static void succeeds(Transport t, FrameServer server, Peer peer) throws Exception {
    CompletableFuture<Response> sent = send(t, server.get());
    peer.answer(peer.head().streamId(), "ok");
    assertEquals("ok", await(sent).text());
  }

  /** Follows TestTransportCancel... of Go's net/http: only the stream ends. */
  @Test
  void theEndOfAContextResetsTheStream() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build();
        CancelContext ctx = Context.background().withCancel()) {
      Request request = Request.to("GET", server.url()).context(ctx).build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        peer.head();
        ctx.cancel(null);
        assertEquals(FrameClient.CANCEL, peer.resetOf(1));
        assertInstanceOf(CanceledException.class, failure(sent).getCause());
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportTimeoutServerHangs, while a body is sent or not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1 << 20})
  void aServerThatHangsIsNotAwaitedForEver(int bodyLength) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> first = send(t, server.get());
      try (Peer peer = server.accept();
          CancelContext ctx = Context.background().withTimeout(Duration.ofMillis(20))) {
        peer.answer(peer.head().streamId(), "");
        await(first).close();
        Request late =
            Request.to("POST", server.url() + "late")
                .body(new byte[bodyLength])
                .context(ctx)
                .build();
        Throwable e = failure(send(t, late));
        assertInstanceOf(DeadlineExceededException.class, e.getCause(), e.toString());
        CompletableFuture<Response> next = send(t, server.get());
        Head head = peer.head();
        if (head.line(":path").equals("/late")) { // else the time was over before it was sent
          assertEquals(FrameClient.CANCEL, peer.resetOf(head.streamId()));
          head = peer.head();
        }
        peer.answer(head.streamId(), "ok");
        assertEquals("ok", await(next).text());
      }
    }
  }

  /** A client's timeout counts while a body is read. */
  @Test
  void aBodyThatDoesNotComeIsNotAwaitedForEver() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Client client = Client.builder().transport(t).timeout(Duration.ofMillis(200)).build();
      CompletableFuture<Response> sent = send(client::send, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        try (Response response = await(sent)) {
          assertThrows(SocketTimeoutException.class, () -> response.body().read());
        } catch (ExecutionException e) {
          assertInstanceOf(SocketTimeoutException.class, e.getCause()); // before the head was read
        }
        assertEquals(FrameClient.CANCEL, peer.resetOf(1));
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportHandlerBodyClose and TestTransportBodyDoubleEndStream. */
  @Test
  void aBodyThatIsClosedEarlyResetsTheStream() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        peer.frames.sendData(1, "part", false);
        Response response = await(sent);
        assertEquals('p', response.body().read());
        response.close();
        response.close();
        assertEquals(FrameClient.CANCEL, peer.resetOf(1));
        IOException closed = assertThrows(IOException.class, () -> response.body().read());
        assertEquals("http: read on closed response body", closed.getMessage());
        peer.frames.sendData(1, "too late", true);
        succeeds(t, server, peer);
      }
    }
  }

  /** Nobody reads or closes the body: the garbage collector does. */
  @Test
  void aForgottenBodyResetsTheStream() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        assertEquals(200, await(sent).status());
        sent = send(t, server.get()); // forgets the first
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(sent).text());
        AtomicReference<Frame> reset = new AtomicReference<>();
        Go.go(() -> reset.set(peer.next(FrameClient.RST_STREAM, 1)));
        Fixture.until(
            "reset by the collector",
            () -> {
              System.gc();
              return reset.get() != null;
            });
        assertEquals(FrameClient.CANCEL, reset.get().error());
      }
    }
  }

  /** An interrupt ends the request of the goroutine, and no other. */
  @Test
  void anInterruptResetsTheStream() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> other = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<Response> sent = new CompletableFuture<>();
        Go.go(
            () -> {
              thread.set(Thread.currentThread());
              try {
                sent.complete(t.roundTrip(server.get()));
              } catch (IOException e) {
                sent.completeExceptionally(
                    Thread.interrupted() ? e : new AssertionError("interrupt lost", e));
              }
            });
        assertEquals(3, peer.head().streamId());
        thread.get().interrupt();
        assertEquals("http2: interrupted", failure(sent).getMessage());
        assertEquals(FrameClient.CANCEL, peer.resetOf(3));
        peer.answer(1, "still there");
        assertEquals("still there", await(other).text());
      }
    }
  }

  /** Follows TestTransportRetryAfterRefusedStream: even a POST, as its body can be had again. */
  @Test
  void aRefusedRequestIsSentAgain() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent =
          send(t, Request.to("POST", server.url()).body("again").build());
      try (Peer peer = server.accept()) {
        assertEquals(1, peer.head().streamId());
        peer.body(1);
        peer.frames.sendReset(1, FrameClient.REFUSED_STREAM);
        assertEquals(3, peer.head().streamId());
        assertEquals("again", new String(peer.body(3), StandardCharsets.UTF_8));
        peer.answer(3, "ok");
        assertEquals("ok", await(sent).text());
      }
    }
  }

  /** As TestTransportRetryAfterRefusedStream, if it cannot. */
  @Test
  void aRefusedRequestWhoseBodyIsGoneFails() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      InputStream once = new ByteArrayInputStream("once".getBytes(StandardCharsets.UTF_8));
      CompletableFuture<Response> sent =
          send(t, Request.to("POST", server.url()).body(once, 4).build());
      try (Peer peer = server.accept()) {
        assertEquals(1, peer.head().streamId());
        peer.body(1);
        peer.frames.sendReset(1, FrameClient.REFUSED_STREAM);
        String message = String.valueOf(failure(sent).getMessage());
        assertTrue(message.contains("REFUSED_STREAM"), message);
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportServerResetStreamAtHeaders: what is not refused is not sent again. */
  @Test
  void aResetRequestFails() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendReset(1, FrameClient.INTERNAL_ERROR);
        String message = String.valueOf(failure(sent).getMessage());
        assertTrue(message.contains("INTERNAL_ERROR; received from peer"), message);
        CompletableFuture<Response> inBody = send(t, server.get());
        peer.head();
        peer.frames.sendHead(3, false, ":status", "200");
        peer.frames.sendData(3, "part", false);
        peer.frames.sendReset(3, FrameClient.INTERNAL_ERROR);
        Response response = await(inBody);
        assertEquals("part", new String(response.body().readNBytes(4), StandardCharsets.UTF_8));
        assertThrows(IOException.class, () -> response.body().read());
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportRetryAfterGOAWAYRetry: one stream comes to its end, the other moves. */
  @Test
  void afterGoAwayWhatWasNotLookedAtIsSentToAnotherConnection() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> first = send(t, server.get());
      try (Peer peer = server.accept()) {
        assertEquals(1, peer.head().streamId());
        CompletableFuture<Response> second =
            send(t, Request.to("POST", server.url()).body("again").build());
        peer.body(3);
        peer.goAway(1, FrameClient.NO_ERROR, "");
        try (Peer other = server.accept()) {
          assertEquals(1, other.head().streamId());
          assertEquals("again", new String(other.body(1), StandardCharsets.UTF_8));
          other.answer(1, "b");
          assertEquals("b", await(second).text());
          peer.answer(1, "a");
          assertEquals("a", await(first).text());
          peer.frames.assertCloses(); // there is nothing more to come
          succeeds(t, server, other);
        }
      }
    }
  }

  /** Follows TestTransportRetryAfterGOAWAYNoRetry: the first stream, and an error. */
  @Test
  void afterGoAwayWithAnErrorTheFirstRequestFails() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.goAway(0, FrameClient.ENHANCE_YOUR_CALM, "too much");
        String message = String.valueOf(failure(sent).getMessage());
        assertTrue(message.contains("GOAWAY") && message.contains("too much"), message);
      }
    }
  }

  /** Follows TestTransportUsesGoAwayDebugError_RoundTrip and _Body. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theReasonOfGoAwayIsTold(boolean inBody) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        if (inBody) {
          peer.frames.sendHead(1, false, ":status", "200");
        }
        peer.goAway(5, FrameClient.PROTOCOL_ERROR, "some debug data");
        peer.frames.endOutput();
        Throwable failed;
        if (inBody) {
          Response response = await(sent);
          failed = assertThrows(IOException.class, () -> response.body().read());
        } else {
          failed = failure(sent);
        }
        String message = String.valueOf(failed.getMessage());
        assertTrue(message.contains("LastStreamID=5"), message);
        assertTrue(message.contains("PROTOCOL_ERROR"), message);
        assertTrue(message.contains("some debug data"), message);
      }
    }
  }

  /** A connection that was used before, and breaks: as with HTTP/1, what may be is sent again. */
  @Test
  void aConnectionThatBreaksIsReplaced() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> first = send(t, server.get());
      CompletableFuture<Response> get;
      CompletableFuture<Response> post;
      try (Peer peer = server.accept()) {
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(first).text());
        get = send(t, server.get());
        peer.head();
        post = send(t, Request.to("POST", server.url()).body("x").build());
        peer.body(5);
      }
      assertTrue(String.valueOf(failure(post).getMessage()).startsWith("http2: "));
      try (Peer peer = server.accept()) {
        peer.answer(peer.head().streamId(), "again");
        assertEquals("again", await(get).text());
      }
    }
  }

  /** Follows TestIdleConnTimeout. */
  @Test
  void anIdleConnectionIsClosedAfterItsTime() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().idleConnTimeout(Duration.ofMillis(50)).build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(sent).text());
        peer.frames.assertGoesAway(FrameClient.NO_ERROR);
      }
    }
  }

  /** Follows TestTransportIdleConnections... of Go's net/http; and not what is in use. */
  @Test
  void idleConnectionsAreClosedWhenTold() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        Head head = peer.head();
        t.closeIdleConnections();
        peer.answer(head.streamId(), "ok");
        assertEquals("ok", await(sent).text());
        succeeds(t, server, peer);
        t.closeIdleConnections();
        peer.frames.assertGoesAway(FrameClient.NO_ERROR);
      }
    }
  }

  /** A transport that was closed while a request was on its way uses that connection once. */
  @Test
  void aClosedTransportKeepsNothing() throws Exception {
    try (FrameServer server = new FrameServer()) {
      Transport t = FrameServer.transport().build();
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        int id = peer.head().streamId();
        t.close();
        peer.answer(id, "ok");
        assertEquals("ok", await(sent).text());
        peer.frames.assertGoesAway(FrameClient.NO_ERROR);
      }
    }
  }

  /** Follows TestTransportDisableKeepAlives, and Go's TestTransportConnectionCloseOnRequest. */
  @Test
  void aConnectionMayBeUsedOnce() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build();
        Transport once = FrameServer.transport().disableKeepAlives().build()) {
      Request closing = Request.to("GET", server.url()).header("Connection", "close").build();
      CompletableFuture<Response> sent = send(t, closing);
      try (Peer peer = server.accept()) {
        assertFalse(peer.head().lines().containsKey("connection"));
        CompletableFuture<Response> other = send(t, server.get());
        try (Peer second = server.accept()) {
          second.answer(second.head().streamId(), "second");
          assertEquals("second", await(other).text());
        }
        peer.answer(1, "ok");
        assertEquals("ok", await(sent).text());
        peer.frames.assertGoesAway(FrameClient.NO_ERROR);
      }
      CompletableFuture<Response> single = send(once, server.get());
      try (Peer peer = server.accept()) {
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(single).text());
        peer.frames.assertGoesAway(FrameClient.NO_ERROR);
      }
    }
  }

  /** Follows TestTransportCloseAfterLostPing, and TestTransportPingWhenReading*. */
  @Test
  void aSilentServerIsAsked() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t =
            FrameServer.transport()
                .sendPingTimeout(Duration.ofMillis(50))
                .pingTimeout(Duration.ofSeconds(2))
                .build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        Frame ping = peer.next(FrameClient.PING, 0);
        assertFalse(ping.has(FrameClient.ACK));
        peer.frames.sendFrame(FrameClient.PING, FrameClient.ACK, 0, ping.payload());
        peer.next(FrameClient.PING, 0); // that is not answered
        assertEquals("http2: client connection lost", failure(sent).getMessage());
        peer.frames.assertCloses();
      }
    }
  }

  /** Follows TestClientConnPing, the other way round. */
  @Test
  void aClientAnswersPing() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        byte[] payload = {1, 2, 3, 4, 5, 6, 7, 8};
        peer.frames.sendFrame(FrameClient.PING, 0, 0, payload);
        Frame answer = peer.next(FrameClient.PING, 0);
        assertTrue(answer.has(FrameClient.ACK));
        assertArrayEquals(payload, answer.payload());
        peer.answer(1, "");
        await(sent).close();
      }
    }
  }

  /** Nothing is left of connections, however they ended. */
  @Test
  void noGoroutineIsLeft() throws Exception {
    int before = Go.numGoroutine();
    for (int i = 0; i < 10; i++) {
      try (FrameServer server = new FrameServer();
          Transport t = FrameServer.transport().build()) {
        CompletableFuture<Response> sent = send(t, server.get());
        try (Peer peer = server.accept()) {
          peer.head();
          peer.frames.sendHead(1, false, ":status", "200");
          peer.frames.sendData(1, "part", false);
          if (i % 2 == 0) {
            await(sent).close();
            peer.resetOf(1);
          }
        }
      }
    }
    Fixture.until("goroutines end", () -> Go.numGoroutine() <= before);
  }
}
