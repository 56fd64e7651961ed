package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Headers;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Transport;
import dev.raddle.http2.FrameServer.Head;
import dev.raddle.http2.FrameServer.Peer;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client does not accept. Follows Go's http2/transport_test.go. */
@Timeout(60)
class ClientMalformedTest {
  private static String message(Throwable e) {
    return String.valueOf(e.getMessage());
  }

  private static void succeeds(Transport t, FrameServer server, Peer peer) throws Exception {
    CompletableFuture<Response> sent = send(t, server.get());
    peer.answer(peer.head().streamId(), "ok");
    assertEquals("ok", await(sent).text());
  }

  /**
   * Follows TestTransportReturnsErrorOnBadResponseHeaders,
   * TestTransportRejectsContentLengthWithSign and TestTransportHandlesInvalidStatuslessResponse.
   * Lines are separated by bars.
   */
  @ParameterizedTest
  @CsvSource({
    "x-name: a",
    ":status: 200|:status: 200",
    "x-name: a|:status: 200",
    ":status: 200|:unknown: a",
    ":status: 200|:path: /",
    ":status: 99",
    ":status: 101",
    ":status: 1000",
    ":status: 200|X-Name: a",
    ":status: 200|na me: a",
    ":status: 200|x:name: a",
    ":status: 200|connection: close",
    ":status: 200|keep-alive: a",
    ":status: 200|proxy-connection: a",
    ":status: 200|transfer-encoding: chunked",
    ":status: 200|upgrade: a",
    ":status: 200|content-length: 1|content-length: 2"
  })
  void aMalformedHeadResetsItsStream(String head) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, lines(head));
        assertEquals(FrameClient.PROTOCOL_ERROR, peer.resetOf(1));
        String message = message(failure(sent));
        assertTrue(message.startsWith("http2: malformed response from server: "), message);
        succeeds(t, server, peer);
      }
    }
  }

  private static String[] lines(String head) {
    String[] pairs = head.split("\\|", -1);
    String[] lines = new String[2 * pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      int colon = pairs[i].indexOf(": ");
      lines[2 * i] = pairs[i].substring(0, colon);
      lines[2 * i + 1] = pairs[i].substring(colon + 2);
    }
    return lines;
  }

  /** What the codec cannot read ends the connection: numbers that are none. */
  @ParameterizedTest
  @CsvSource({
    ":status: abc",
    ":status: 200|content-length: +3",
    ":status: 200|content-length: -1",
    ":status: 200|content-length: a"
  })
  void aMalformedNumberFailsTheRequest(String head) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, lines(head));
        assertTrue(message(failure(sent)).startsWith("http2: "));
      }
    }
  }

  /** Follows TestTransportInvalidTrailer_Pseudo1 and its like. */
  @ParameterizedTest
  @CsvSource({"true,:status: 200", "true,:unknown: a", "true,X-Name: a", "false,x-name: a"})
  void malformedTrailersFailTheBody(boolean ends, String trailer) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        peer.frames.sendData(1, "x", false);
        peer.frames.sendHead(1, ends, lines(trailer));
        assertEquals(FrameClient.PROTOCOL_ERROR, peer.resetOf(1));
        Response response = await(sent);
        IOException e = assertThrows(IOException.class, () -> response.body().readAllBytes());
        assertTrue(message(e).contains("malformed response"), message(e));
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportResponseDataBeforeHeaders and TestTransportReadHeadResponseWithBody. */
  @ParameterizedTest
  @CsvSource({"GET,false", "HEAD,true"})
  void aBodyThatCannotBeResetsItsStream(String method, boolean headFirst) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, Request.to(method, server.url()).build());
      try (Peer peer = server.accept()) {
        peer.head();
        if (headFirst) {
          peer.frames.sendHead(1, false, ":status", "200");
        }
        peer.frames.sendData(1, "x", true);
        assertEquals(FrameClient.PROTOCOL_ERROR, peer.resetOf(1));
        if (headFirst) {
          Response response = await(sent);
          assertThrows(IOException.class, () -> response.body().read());
        } else {
          assertEquals("http2: received DATA before a HEADERS frame", message(failure(sent)));
        }
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportContentLengthWithoutBody and TestTransportBodyEagerEndStream. */
  @ParameterizedTest
  @CsvSource({"'',true", "'',false", "ab,false", "abcd,false"})
  void aBodyHasTheLengthThatWasSaid(String body, boolean endsWithHead) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, endsWithHead, ":status", "200", "content-length", "3");
        if (!endsWithHead) {
          peer.frames.sendData(1, body, true);
        }
        Response response = await(sent);
        assertEquals(3, response.contentLength());
        IOException e = assertThrows(IOException.class, () -> response.body().readAllBytes());
        if (body.length() < 3) {
          assertTrue(e instanceof EOFException, e.toString());
        } else {
          assertTrue(message(e).contains("more than declared Content-Length"), message(e));
        }
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportChecksResponseHeaderListSize: the connection survives. */
  @Test
  void aHeadThatIsTooLongResetsItsStream() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().maxResponseHeaderBytes(10_000).build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, true, ":status", "200", "x-large", "a".repeat(10_000));
        assertEquals(FrameClient.PROTOCOL_ERROR, peer.resetOf(1));
        assertEquals(
            "http2: response header list larger than advertised limit", message(failure(sent)));
        succeeds(t, server, peer);
      }
    }
  }

  /** Follows TestTransportChecksRequestHeaderListSize: nothing is sent. */
  @Test
  void aHeadThatTheServerDoesNotWantIsNotSent() throws Exception {
    int maxHeaderListSize = 6;
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept(maxHeaderListSize, 16 << 10)) {
        peer.next(FrameClient.SETTINGS, 0);
        peer.next(FrameClient.SETTINGS, 0); // ours, acknowledged
        peer.answer(peer.head().streamId(), "");
        await(sent).close();
        Request large =
            Request.to("GET", server.url()).header("X-Large", "a".repeat(16 << 10)).build();
        assertEquals(
            "http2: request header list larger than peer's advertised limit",
            message(failure(send(t, large))));
        succeeds(t, server, peer);
      }
    }
  }

  /** A head that does not fit into one frame is continued, in both directions. */
  @Test
  void longHeadsAreContinued() throws Exception {
    String large = "a".repeat(40_000);
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request request = Request.to("GET", server.url()).header("X-Large", large).build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        Head head = peer.head();
        assertEquals(large, head.line("x-large"));
        assertTrue(head.last());
        byte[] block = FrameClient.block(":status", "200", "x-large", large);
        int end = FrameClient.END_STREAM;
        for (int from = 0; from < block.length; from += 16_384) {
          int n = Math.min(16_384, block.length - from);
          byte[] part = new byte[n];
          System.arraycopy(block, from, part, 0, n);
          int type = from == 0 ? FrameClient.HEADERS : FrameClient.CONTINUATION;
          int flags = from + n == block.length ? FrameClient.END_HEADERS : 0;
          peer.frames.sendFrame(type, flags | (from == 0 ? end : 0), 1, part);
        }
        assertEquals(large, await(sent).header("X-Large"));
      }
    }
  }

  /** Follows TestTransportFailureErrorForHTTP1Response. */
  @Test
  void aServerThatSpeaksHttp1IsNamed() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Socket socket = server.acceptSilently()) {
        socket
            .getOutputStream()
            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String message = message(failure(sent));
        assertTrue(message.contains("server speaks HTTP/1"), message);
      }
    }
  }

  /** Frames that end the connection, and with it the requests. */
  @ParameterizedTest
  @CsvSource({
    "push, PUSH_PROMISE",
    "idle head, idle",
    "idle data, idle",
    "idle reset, idle",
    "unfinished head, expected_continuation_frame",
    "large frame, invalid_frame_length",
    "compression, invalid_hpack_block"
  })
  void whatIsAgainstTheRulesEndsTheConnection(String what, String reason) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        switch (what) {
          case "push" -> {
            byte[] block =
                FrameClient.block(
                    ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a");
            byte[] payload = ByteBuffer.allocate(4 + block.length).putInt(2).put(block).array();
            peer.frames.sendFrame(5, FrameClient.END_HEADERS, 1, payload);
          }
          case "idle head" -> peer.frames.sendHead(7, true, ":status", "200");
          case "idle data" -> peer.frames.sendData(7, "x", true);
          case "idle reset" -> peer.frames.sendReset(7, FrameClient.CANCEL);
          case "unfinished head" -> {
            peer.frames.sendFrame(FrameClient.HEADERS, 0, 1, FrameClient.block(":status", "200"));
            peer.frames.sendData(1, "x", true);
          }
          case "large frame" -> peer.frames.sendFrame(FrameClient.DATA, 0, 1, new byte[16_385]);
          default ->
              peer.frames.sendFrame(
                  FrameClient.HEADERS,
                  FrameClient.END_HEADERS,
                  1,
                  (byte) 0xff,
                  (byte) 0xff,
                  (byte) 0xff,
                  (byte) 0xff,
                  (byte) 0xff,
                  (byte) 0xff);
        }
        String message = message(failure(sent));
        assertTrue(message.startsWith("http2: connection error: "), message);
        assertTrue(message.contains(reason), message);
        peer.next(FrameClient.GOAWAY, 0);
      }
    }
  }

  /** The first frame has to be SETTINGS; unknown ones are ignored. */
  @Test
  void aServerBeginsWithSettings() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = new Peer(server.acceptSilently())) {
        peer.head(); // else the connection may end before the request is there
        peer.frames.sendFrame(FrameClient.PING, 0, 0, new byte[8]);
        assertTrue(message(failure(sent)).contains("first frame is not SETTINGS"));
      }
      CompletableFuture<Response> next = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        for (int type = 10; type < 256; type += 5) {
          peer.frames.sendFrame(type, 0xff, 1, new byte[3]);
        }
        peer.answer(1, "ok");
        assertEquals("ok", await(next).text());
      }
    }
  }

  /** Follows TestTransportFailsOnInvalidHeadersAndTrailers. */
  @Test
  void aMalformedRequestIsNotSent() throws Exception {
    Headers trailer = new Headers();
    trailer.set("x y", "z");
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      for (Request bad :
          new Request[] {
            Request.to("GET", server.url()).header("a b", "c").build(),
            Request.to("GET", server.url()).header("a", "b\nc").build(),
            Request.to("POST", server.url()).body("x").trailer(trailer).build()
          }) {
        assertTrue(message(failure(send(t, bad))).contains("invalid"));
      }
    }
  }
}
