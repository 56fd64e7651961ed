package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.raddle.context.CancelContext;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Transport;
import dev.raddle.http2.FrameServer.Peer;
import dev.raddle.net.Net;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests a connection has, and who dials. Follows Go's http2/transport_test.go. */
@Timeout(60)
class ClientLimitsTest {
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int QUIET_MILLIS = 100;

  /** Answers a first request, after which the client knows the settings. */
  private static Peer greet(Transport t, FrameServer server, int... settings) throws Exception {
    CompletableFuture<Response> first = send(t, server.get());
    Peer peer = server.accept(settings);
    peer.next(FrameClient.SETTINGS, 0);
    peer.next(FrameClient.SETTINGS, 0);
    peer.answer(peer.head().streamId(), "");
    await(first).close();
    return peer;
  }

  /** Follows TestTransportRequestsStallAtServerLimit, which dials another one by default. */
  @Test
  void aFullConnectionIsJoinedByAnother() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build();
        Peer peer = greet(t, server, MAX_CONCURRENT_STREAMS, 1)) {
      CompletableFuture<Response> first = send(t, server.get());
      int id = peer.head().streamId();
      CompletableFuture<Response> second = send(t, server.get());
      try (Peer other = server.accept(MAX_CONCURRENT_STREAMS, 1)) {
        other.answer(other.head().streamId(), "b");
        assertEquals("b", await(second).text());
        peer.answer(id, "a");
        assertEquals("a", await(first).text());
      }
    }
  }

  /** The same, if there may be no other: the request waits for a stream. */
  @Test
  void aRequestWaitsForAStreamIfThereMayBeNoOtherConnection() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().maxConnsPerHost(1).build();
        Peer peer = greet(t, server, MAX_CONCURRENT_STREAMS, 1)) {
      CompletableFuture<Response> first = send(t, server.get());
      int id = peer.head().streamId();
      CompletableFuture<Response> second = send(t, server.get());
      try (CancelContext ctx = Context.background().withCancel()) {
        Request impatient = Request.to("GET", server.url()).context(ctx).build();
        CompletableFuture<Response> third = send(t, impatient);
        assertFalse(server.isDialed(QUIET_MILLIS));
        ctx.cancel(null);
        assertInstanceOf(CanceledException.class, failure(third).getCause());
      }
      assertFalse(second.isDone());
      peer.answer(id, "a");
      assertEquals("a", await(first).text());
      peer.answer(peer.head().streamId(), "b");
      assertEquals("b", await(second).text());
    }
  }

  /** A stream that was reset makes room as one that was answered does. */
  @Test
  void aStreamThatWasResetMakesRoom() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().maxConnsPerHost(1).build();
        Peer peer = greet(t, server, MAX_CONCURRENT_STREAMS, 1);
        CancelContext ctx = Context.background().withCancel()) {
      Request request = Request.to("GET", server.url()).context(ctx).build();
      CompletableFuture<Response> first = send(t, request);
      peer.head();
      CompletableFuture<Response> second = send(t, server.get());
      ctx.cancel(null);
      peer.answer(peer.head().streamId(), "b");
      assertEquals("b", await(second).text());
      assertInstanceOf(CanceledException.class, failure(first).getCause());
    }
  }

  /** Follows TestTransportRequestsLowServerLimit: a limit that rises is used. */
  @Test
  void aLimitThatRisesIsUsed() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().maxConnsPerHost(1).build();
        Peer peer = greet(t, server, MAX_CONCURRENT_STREAMS, 1)) {
      CompletableFuture<Response> first = send(t, server.get());
      int id = peer.head().streamId();
      CompletableFuture<Response> second = send(t, server.get());
      assertFalse(server.isDialed(QUIET_MILLIS));
      peer.frames.sendSettings(MAX_CONCURRENT_STREAMS, 2);
      peer.answer(peer.head().streamId(), "b");
      assertEquals("b", await(second).text());
      peer.answer(id, "a");
      assertEquals("a", await(first).text());
    }
  }

  /** A dial that fails fails for all who wait for it; not if only its own request was given up. */
  @Test
  void aDialIsSharedAndSoIsItsFailure() throws Exception {
    AtomicInteger dials = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    try (Transport t =
        FrameServer.transport()
            .dialer(
                (context, address) -> {
                  dials.incrementAndGet();
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  throw new IOException("no route to " + address);
                })
            .build()) {
      Request request = Request.to("GET", "http://a.test/").build();
      CompletableFuture<Response> first = send(t, request);
      Fixture.until("dialing", () -> dials.get() == 1);
      CompletableFuture<Response> second = send(t, request);
      try (CancelContext ctx = Context.background().withCancel()) {
        CompletableFuture<Response> third =
            send(t, Request.to("GET", "http://a.test/").context(ctx).build());
        ctx.cancel(null);
        assertInstanceOf(CanceledException.class, failure(third).getCause());
      }
      go.countDown();
      assertEquals("no route to a.test:80", failure(first).getMessage());
      assertEquals("no route to a.test:80", failure(second).getMessage());
    }
  }

  @Test
  void whoWaitsForADialThatWasGivenUpDialsItself() throws Exception {
    AtomicInteger dials = new AtomicInteger();
    CountDownLatch given = new CountDownLatch(1);
    try (FrameServer server = new FrameServer();
        CancelContext ctx = Context.background().withCancel();
        Transport t =
            FrameServer.transport()
                .dialer(
                    (context, address) -> {
                      if (dials.incrementAndGet() == 1) {
                        try {
                          given.await();
                        } catch (InterruptedException e) {
                          throw new IOException(e);
                        }
                        throw new IOException("given up");
                      }
                      return Net.dial("tcp", address);
                    })
                .build()) {
      CompletableFuture<Response> first =
          send(t, Request.to("GET", server.url()).context(ctx).build());
      Fixture.until("dialing", () -> dials.get() == 1);
      CompletableFuture<Response> second = send(t, server.get());
      ctx.cancel(null);
      given.countDown();
      assertInstanceOf(CanceledException.class, failure(first).getCause());
      try (Peer peer = server.accept()) {
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(second).text());
      }
    }
  }
}
