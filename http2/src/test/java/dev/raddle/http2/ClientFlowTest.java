package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Transport;
import dev.raddle.http.spi.ClientLink;
import dev.raddle.http.spi.ClientStream;
import dev.raddle.http.spi.StreamRequest;
import dev.raddle.http2.FrameClient.Frame;
import dev.raddle.http2.FrameServer.Peer;
import dev.raddle.net.Conn;
import dev.raddle.net.Net;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The windows of a client in both directions. Follows Go's http2/transport_test.go. */
@Timeout(60)
class ClientFlowTest {
  private static final int FRAME_BYTES = 16_384;

  private static int increment(Frame windowUpdate) {
    return ByteBuffer.wrap(windowUpdate.payload()).getInt();
  }

  /** What a client promises first: Go's numbers. */
  @Test
  void theWindowsAreThoseOfGo() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        Frame settings = peer.frames.next();
        assertEquals(FrameClient.SETTINGS, settings.type());
        ByteBuffer pairs = ByteBuffer.wrap(settings.payload());
        assertEquals(2, pairs.getShort()); // ENABLE_PUSH
        assertEquals(0, pairs.getInt());
        assertEquals(FrameClient.INITIAL_WINDOW_SIZE, pairs.getShort());
        assertEquals(4 << 20, pairs.getInt());
        Frame update = peer.frames.next();
        assertEquals(FrameClient.WINDOW_UPDATE, update.type());
        assertEquals((1 << 30) - 65_535, increment(update));
        peer.answer(peer.head().streamId(), "");
        await(sent).close();
      }
    }
  }

  /** Follows TestTransportAdjustsFlowControl: a window that is changed while a body is sent. */
  @Test
  void aRequestKeepsToTheWindows() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request request = Request.to("POST", server.url()).body(new byte[100_000]).build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        peer.head();
        int got = 0;
        while (got < 65_535) { // the first windows, of the stream and the connection
          Frame data = peer.next(FrameClient.DATA, 1);
          assertTrue(data.payload().length <= FRAME_BYTES);
          got += data.payload().length;
        }
        assertEquals(65_535, got);
        peer.frames.sendSettings(FrameClient.INITIAL_WINDOW_SIZE, 65_535 + 10);
        peer.frames.sendWindowUpdate(0, 5);
        while (got < 65_540) {
          got += peer.next(FrameClient.DATA, 1).payload().length;
        }
        assertEquals(65_540, got);
        peer.frames.sendWindowUpdate(0, 1 << 20);
        while (got < 65_545) {
          got += peer.next(FrameClient.DATA, 1).payload().length;
        }
        assertEquals(65_545, got);
        peer.frames.sendSettings(FrameClient.INITIAL_WINDOW_SIZE, 200_000);
        while (got < 100_000) {
          got += peer.next(FrameClient.DATA, 1).payload().length;
        }
        peer.answer(1, "");
        await(sent).close();
      }
    }
  }

  /** One that waits for its window does not stop the others. */
  @Test
  void aStreamThatWaitsStopsNoOther() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> first = send(t, server.get());
      try (Peer peer = server.accept(FrameClient.INITIAL_WINDOW_SIZE, 0)) {
        peer.next(FrameClient.SETTINGS, 0);
        peer.next(FrameClient.SETTINGS, 0); // the client knows the windows
        peer.answer(peer.head().streamId(), "");
        await(first).close();
        Request post = Request.to("POST", server.url()).body("waits").build();
        CompletableFuture<Response> waiting = send(t, post);
        assertEquals(3, peer.head().streamId());
        CompletableFuture<Response> other = send(t, server.get());
        assertEquals(5, peer.head().streamId());
        peer.answer(5, "ok");
        assertEquals("ok", await(other).text());
        peer.frames.sendWindowUpdate(3, 5);
        assertEquals("waits".length(), peer.body(3).length);
        peer.answer(3, "");
        await(waiting).close();
      }
    }
  }

  /** Follows TestTransportFlowControl: what is read is given back, on both levels. */
  @Test
  void whatIsReadIsGivenBack() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        byte[] piece = new byte[FRAME_BYTES];
        for (int i = 0; i < 256; i++) { // 4 MB: all that fits
          peer.frames.sendFrame(FrameClient.DATA, 0, 1, piece);
        }
        try (Response response = await(sent)) {
          assertEquals(2 << 20, response.body().readNBytes(2 << 20).length);
          int update = increment(peer.next(FrameClient.WINDOW_UPDATE, 1));
          assertTrue(update >= 2 << 20, Integer.toString(update));
          peer.frames.sendFrame(FrameClient.DATA, FrameClient.END_STREAM, 1, piece);
          assertEquals((2 << 20) + FRAME_BYTES, response.body().readAllBytes().length);
        }
      }
    }
  }

  /**
   * Follows TestTransportReturnsUnusedFlowControlSingleWrite, and its like: what is not read is
   * given back to the connection.
   */
  @Test
  void whatIsNotReadIsGivenBackToTheConnection() throws Exception {
    try (FrameServer server = new FrameServer()) {
      var session = new Http2ClientSession(new Link(server), 2 * FRAME_BYTES);
      session.begin();
      ClientStream stream = Objects.requireNonNull(session.tryOpen());
      stream.writeHead(new StreamRequest("GET", "http", "a", "/", List.of(), 0, 0), true);
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        peer.frames.sendFrame(FrameClient.DATA, 0, 1, new byte[FRAME_BYTES]);
        assertEquals(200, stream.readHead(0).status());
        assertEquals(1, stream.readBody(new byte[1], 0, 1));
        stream.cancel();
        Frame reset = peer.frames.next();
        while (reset.type() != FrameClient.RST_STREAM) {
          reset = peer.frames.next();
        }
        peer.frames.sendFrame(FrameClient.DATA, 0, 1, new byte[FRAME_BYTES]); // too late
        Frame update = peer.next(FrameClient.WINDOW_UPDATE, 0);
        assertEquals(FRAME_BYTES, increment(update));
        session.closeIfIdle();
        peer.frames.assertGoesAway(FrameClient.NO_ERROR);
      }
    }
  }

  /** A connection as the transport would make it. */
  private static final class Link implements ClientLink {
    private final Conn conn;

    Link(FrameServer server) throws IOException {
      conn = Net.dial("tcp", URI.create(server.url()).getAuthority());
    }

    @Override
    public Conn conn() {
      return conn;
    }

    @Override
    public int maxHeaderBytes() {
      return 1 << 20;
    }

    @Override
    public long sendPingNanos() {
      return 0;
    }

    @Override
    public long pingNanos() {
      return 0;
    }

    @Override
    public void changed() {}
  }

  /** Follows TestTransportReturnsDataPaddingFlowControl: padding is given back at once. */
  @Test
  void paddingIsGivenBack() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        byte[] padded = new byte[1 + 1 + 255]; // its length, one byte of data, the padding
        padded[0] = (byte) 255;
        int flagPadded = 8;
        for (int i = 0; i < 9_000; i++) { // more than half a window of padding
          peer.frames.sendFrame(FrameClient.DATA, flagPadded, 1, padded);
        }
        assertTrue(increment(peer.next(FrameClient.WINDOW_UPDATE, 1)) >= 2 << 20);
        peer.frames.sendData(1, "", true);
        assertEquals(9_000, await(sent).body().readAllBytes().length);
      }
    }
  }

  /** More than the window allows ends the connection. */
  @Test
  void aServerHasToKeepToTheWindows() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        for (int i = 0; i < 257; i++) {
          peer.frames.sendFrame(FrameClient.DATA, 0, 1, new byte[FRAME_BYTES]);
        }
        assertEquals(FrameClient.FLOW_CONTROL_ERROR, peer.next(FrameClient.GOAWAY, 0).error());
        peer.frames.assertCloses();
        Response response = await(sent);
        CompletableFuture<Response> read = new CompletableFuture<>();
        Go.go(
            () -> {
              try {
                response.body().readAllBytes();
                read.complete(response);
              } catch (Throwable e) {
                read.completeExceptionally(e);
              }
            });
        String message = String.valueOf(failure(read).getMessage());
        assertTrue(message.contains("window of a stream exceeded"), message);
      }
    }
  }

  /** Windows that are too large, or moved by nothing. */
  @Test
  void wrongWindowsAreRefused() throws Exception {
    for (int[] update : new int[][] {{0, Integer.MAX_VALUE}, {0, 0}}) {
      try (FrameServer server = new FrameServer();
          Transport t = FrameServer.transport().build()) {
        CompletableFuture<Response> sent = send(t, server.get());
        try (Peer peer = server.accept()) {
          peer.head();
          peer.frames.sendWindowUpdate(update[0], update[1]);
          int expected =
              update[1] == 0 ? FrameClient.PROTOCOL_ERROR : FrameClient.FLOW_CONTROL_ERROR;
          assertEquals(expected, peer.next(FrameClient.GOAWAY, 0).error());
          assertTrue(String.valueOf(failure(sent).getMessage()).contains("connection error"));
        }
      }
    }
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendWindowUpdate(1, Integer.MAX_VALUE);
        assertEquals(FrameClient.FLOW_CONTROL_ERROR, peer.resetOf(1));
        assertTrue(String.valueOf(failure(sent).getMessage()).contains("window"));
        CompletableFuture<Response> next = send(t, server.get());
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(next).text());
      }
    }
  }
}
