package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.await;
import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Headers;
import dev.raddle.http.Http;
import dev.raddle.http.Request;
import dev.raddle.http.Response;
import dev.raddle.http.Transport;
import dev.raddle.http2.FrameClient.Frame;
import dev.raddle.http2.FrameServer.Head;
import dev.raddle.http2.FrameServer.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and responses of a client. Follows Go's http2/transport_test.go. */
@Timeout(60)
class ClientRequestTest {
  private static final String WRONG_LENGTH = "http: ContentLength=3 with Body length ";

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Follows TestTransport and TestTransportH2c. */
  @Test
  void aRequestIsSentAndAnswered() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request request =
          Request.to("GET", server.url() + "a%20b?c=d")
              .header("X-Name", "v\u00e4lue")
              .header("Te", "trailers")
              .build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        Head head = peer.head();
        assertEquals(1, head.streamId());
        assertTrue(head.last());
        assertEquals("GET", head.line(":method"));
        assertEquals("http", head.line(":scheme"));
        assertEquals("/a%20b?c=d", head.line(":path"));
        assertEquals(server.url(), "http://" + head.line(":authority") + "/");
        assertEquals("Raddle-http-client/2.0", head.line("user-agent"));
        assertEquals("gzip", head.line("accept-encoding"));
        assertEquals("trailers", head.line("te"));
        byte[] name = head.line("x-name").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("v\u00e4lue", new String(name, StandardCharsets.UTF_8));
        assertFalse(head.lines().containsKey("content-length"));
        peer.frames.sendHead(
            1, false, ":status", "404", "x-a", "1", "x-a", "2", "content-length", "5");
        peer.frames.sendData(1, "hello", true);
        try (Response response = await(sent)) {
          assertEquals(404, response.status());
          assertEquals("404 Not Found", response.statusLine());
          assertEquals("HTTP/2.0", response.proto());
          assertEquals(2, response.protoMajor());
          assertEquals(0, response.protoMinor());
          assertEquals(List.of("1", "2"), response.headers().values("X-A"));
          assertEquals(5, response.contentLength());
          assertEquals("hello", response.text());
        }
      }
    }
  }

  /** Follows TestTransportReusesConns, and TestTransportNoBodyMeansNoDATA. */
  @Test
  void allRequestsShareAConnection() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> first = send(t, server.get());
      try (Peer peer = server.accept()) {
        assertEquals(1, peer.head().streamId());
        CompletableFuture<Response> second = send(t, server.get());
        assertEquals(3, peer.head().streamId());
        Request post = Request.to("POST", server.url()).build();
        CompletableFuture<Response> third = send(t, post);
        Head head = peer.head();
        assertEquals(5, head.streamId());
        assertTrue(head.last());
        assertEquals("0", head.line("content-length"));
        peer.answer(5, "c");
        assertEquals("c", await(third).text());
        peer.answer(1, "a");
        peer.answer(3, "b");
        assertEquals("b", await(second).text());
        assertEquals("a", await(first).text());
        CompletableFuture<Response> later = send(t, server.get());
        assertEquals(7, peer.head().streamId());
        peer.answer(7, "");
        Response empty = await(later);
        assertEquals(0, empty.contentLength());
        assertEquals("", empty.text());
      }
    }
  }

  /** Follows TestTransportGroupsPendingDials. */
  @Test
  void manyRequestsAtOnceDialOnce() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      List<CompletableFuture<Response>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(send(t, server.get()));
      }
      try (Peer peer = server.accept()) {
        for (int i = 0; i < 20; i++) {
          peer.answer(peer.head().streamId(), "x");
        }
        for (CompletableFuture<Response> one : all) {
          assertEquals("x", await(one).text());
        }
      }
    }
  }

  /** Follows TestTransportBody: of known length and not, and larger than the windows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16_384, 65_535, 65_536, 1 << 20})
  void bodiesAreSent(int length) throws Exception {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request known = Request.to("POST", server.url()).body(bytes).build();
      CompletableFuture<Response> first = send(t, known);
      try (Peer peer = server.accept()) {
        Head head = peer.head();
        assertEquals(Integer.toString(length), head.line("content-length"));
        assertFalse(head.last());
        assertArrayEquals(bytes, peer.body(1));
        peer.answer(1, "ok");
        assertEquals("ok", await(first).text());
        InputStream stream = new ByteArrayInputStream(bytes);
        CompletableFuture<Response> second =
            send(t, Request.to("PUT", server.url()).body(stream, -1).build());
        assertFalse(peer.head().lines().containsKey("content-length"));
        assertArrayEquals(bytes, peer.body(3));
        peer.answer(3, "ok");
        assertEquals("ok", await(second).text());
      }
    }
  }

  /** Follows TestTransportFullDuplex: what is written is sent, and answered, as it comes. */
  @Test
  void bothBodiesAreStreamed() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      PipedOutputStream writer = new PipedOutputStream();
      InputStream body = new PipedInputStream(writer);
      CompletableFuture<Response> sent =
          send(t, Request.to("PUT", server.url()).body(body, -1).build());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "200");
        try (Response response = await(sent)) {
          for (String line : List.of("one", "two")) {
            writer.write(line.getBytes(StandardCharsets.UTF_8));
            writer.flush();
            StringBuilder seen = new StringBuilder();
            while (seen.length() < line.length()) {
              seen.append(peer.next(FrameClient.DATA, 1).text());
            }
            assertEquals(line, seen.toString());
            peer.frames.sendData(1, line + "!", false);
            byte[] answer = response.body().readNBytes(line.length() + 1);
            assertEquals(line + "!", text(answer));
          }
          writer.close();
          assertTrue(peer.next(FrameClient.DATA, 1).has(FrameClient.END_STREAM));
          peer.frames.sendData(1, "", true);
          assertEquals(-1, response.body().read());
        }
      }
    }
  }

  /** Follows TestTransportBodyLargerThanSpecifiedContentLength_len3 and its like. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 100_000})
  void aBodyHasToBeAsLongAsItWasSaid(int length) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      InputStream body = new ByteArrayInputStream(new byte[length]);
      CompletableFuture<Response> sent =
          send(t, Request.to("POST", server.url()).body(body, 3).build());
      try (Peer peer = server.accept()) {
        peer.head();
        assertEquals(FrameClient.CANCEL, peer.resetOf(1));
        String message = String.valueOf(failure(sent).getMessage());
        assertTrue(message.startsWith(WRONG_LENGTH), message);
        CompletableFuture<Response> next = send(t, server.get());
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(next).text());
      }
    }
  }

  /** Follows TestTransportBodyReadErrorType and TestTransportCloseRequestBody. */
  @Test
  void aBodyThatFailsFailsItsRequest() throws Exception {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("no more");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("no more");
          }
        };
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent =
          send(t, Request.to("POST", server.url()).body(failing, -1).build());
      try (Peer peer = server.accept()) {
        assertEquals(FrameClient.CANCEL, peer.resetOf(1));
        assertEquals("no more", failure(sent).getMessage());
      }
    }
  }

  /** Follows TestTransportReqBodyAfterResponse_200 and _403: the rest is not sent. */
  @Test
  void anAnswerEndsARequestThatIsBeingSent() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent =
          send(t, Request.to("POST", server.url()).body(new byte[10 << 20]).build());
      try (Peer peer = server.accept()) {
        peer.head();
        peer.next(FrameClient.DATA, 1);
        peer.frames.sendHead(1, false, ":status", "403");
        peer.frames.sendData(1, "no", true);
        assertEquals(FrameClient.NO_ERROR, peer.resetOf(1));
        Response response = await(sent);
        assertEquals(403, response.status());
        assertEquals("no", response.text());
        CompletableFuture<Response> next = send(t, server.get());
        peer.answer(peer.head().streamId(), "ok");
        assertEquals("ok", await(next).text());
      }
    }
  }

  /** Follows TestTransportReceiveUndeclaredTrailer and TestTransportResPattern_*. */
  @Test
  void trailersGoBothWays() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Headers trailer = new Headers();
      trailer.set("X-Sum", "7");
      Request request =
          Request.to("POST", server.url())
              .body(new ByteArrayInputStream(new byte[] {1, 2}), -1)
              .trailer(trailer)
              .build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        Head head = peer.head();
        assertEquals("X-Sum", head.line("trailer"));
        Head behind = peer.head();
        assertEquals("7", behind.line("x-sum"));
        assertTrue(behind.last());
        peer.frames.sendHead(1, false, ":status", "200");
        peer.frames.sendData(1, "body", false);
        peer.frames.sendHead(1, true, "x-end", "yes");
        Response response = await(sent);
        assertEquals("", response.trailer().get("X-End"));
        assertEquals("body", response.text());
        assertEquals("yes", response.trailer().get("X-End"));
      }
    }
  }

  /** Follows TestTransportUnknown1xx and TestTransport1xxLimits. */
  @Test
  void interimResponsesAreShownAndLimited() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      List<String> seen = new ArrayList<>();
      Request request =
          Request.to("GET", server.url())
              .got1xxResponse((status, headers) -> seen.add(status + headers.get("Foo")))
              .build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        peer.head();
        peer.frames.sendHead(1, false, ":status", "110", "foo", "a");
        peer.frames.sendHead(1, false, ":status", "103", "foo", "b");
        peer.answer(1, "x");
        assertEquals("x", await(sent).text());
        assertEquals(List.of("110a", "103b"), seen);
        CompletableFuture<Response> flooded = send(t, server.get());
        int id = peer.head().streamId();
        for (int i = 0; i <= 101; i++) {
          peer.frames.sendHead(id, false, ":status", "103");
        }
        String message = String.valueOf(failure(flooded).getMessage());
        assertTrue(message.contains("too many 1xx informational responses"), message);
      }
    }
  }

  /** Follows Go's TestTransportExpect100Continue (net/http), over HTTP/2. */
  @Test
  void aBodyWaitsForThePermissionToContinue() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t =
            FrameServer.transport().expectContinueTimeout(Duration.ofMinutes(1)).build()) {
      Request request =
          Request.to("POST", server.url()).header("Expect", "100-continue").body("body").build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        assertEquals("100-continue", peer.head().line("expect"));
        peer.frames.sendHead(1, false, ":status", "100");
        assertEquals("body", text(peer.body(1)));
        peer.answer(1, "yes");
        assertEquals("yes", await(sent).text());

        CompletableFuture<Response> unwanted = send(t, request);
        assertEquals(3, peer.head().streamId());
        peer.frames.sendHead(3, true, ":status", "417");
        Frame frame = peer.frames.next();
        while (frame.streamId() != 3) {
          frame = peer.frames.next();
        }
        assertEquals(FrameClient.RST_STREAM, frame.type()); // and no DATA before it
        assertEquals(417, await(unwanted).status());
      }
    }
  }

  /** Follows TestTransportDisableCompression, and Go's TestTransportGzip (net/http). */
  @Test
  void packedBodiesAreUnpacked() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      CompletableFuture<Response> sent = send(t, server.get());
      try (Peer peer = server.accept()) {
        peer.head();
        String length = Integer.toString(packed.size());
        peer.frames.sendHead(
            1, false, ":status", "200", "content-encoding", "gzip", "content-length", length);
        peer.frames.sendFrame(FrameClient.DATA, FrameClient.END_STREAM, 1, packed.toByteArray());
        Response response = await(sent);
        assertTrue(response.uncompressed());
        assertEquals(-1, response.contentLength());
        assertFalse(response.headers().contains("Content-Encoding"));
        assertEquals("hello", response.text());
      }
    }
  }

  /** Follows TestTransportReadHeadResponse: the length is what a GET would have had. */
  @Test
  void aHeadRequestHasNoBody() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request request = Request.to(Http.METHOD_HEAD, server.url()).build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        assertFalse(peer.head().lines().containsKey("accept-encoding"));
        peer.frames.sendHead(1, true, ":status", "200", "content-length", "123");
        Response response = await(sent);
        assertEquals(123, response.contentLength());
        assertEquals("", response.text());
        CompletableFuture<Response> late = send(t, request);
        peer.head();
        peer.frames.sendHead(3, false, ":status", "200");
        peer.frames.sendData(3, "", true);
        assertEquals("", await(late).text());
      }
    }
  }

  /** Follows TestTransportResponseHeaderTimeout_NoBody and _Body. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10 << 20})
  void aHeadThatDoesNotComeIsNotAwaitedForEver(int bodyLength) throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t =
            FrameServer.transport().responseHeaderTimeout(Duration.ofMillis(20)).build()) {
      Request request = Request.to("POST", server.url()).body(new byte[bodyLength]).build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        Throwable late = failure(sent);
        assertTrue(late instanceof SocketTimeoutException, late.toString());
        assertEquals("net/http: timeout awaiting response headers", late.getMessage());
        assertEquals(FrameClient.CANCEL, peer.resetOf(1));
      }
    }
  }

  /** Follows TestTransportCookieHeaderSplit. */
  @Test
  void cookiesAreSentInCrumbs() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request request = Request.to("GET", server.url()).header("Cookie", "a=b; c=d;e=f").build();
      CompletableFuture<Response> sent = send(t, request);
      try (Peer peer = server.accept()) {
        assertEquals("a=b|c=d|e=f", peer.head().line("cookie"));
        peer.answer(1, "");
        await(sent).close();
      }
    }
  }

  /** Follows TestTransportRejectsConnHeaders, and TestTransportFailsOnInvalidHeadersAndTrailers. */
  @Test
  void whatBelongsToAConnectionIsNotSent() throws Exception {
    try (FrameServer server = new FrameServer();
        Transport t = FrameServer.transport().build()) {
      Request harmless =
          Request.to("GET", server.url())
              .header("Connection", "keep-alive")
              .header("Transfer-Encoding", "chunked")
              .header("Keep-Alive", "x")
              .header("Proxy-Connection", "keep-alive")
              .header("X-Tab", "a\tb")
              .build();
      CompletableFuture<Response> sent = send(t, harmless);
      try (Peer peer = server.accept()) {
        Head head = peer.head();
        for (String name :
            List.of("connection", "transfer-encoding", "keep-alive", "proxy-connection")) {
          assertFalse(head.lines().containsKey(name), name);
        }
        assertEquals("a b", head.line("x-tab"));
        peer.answer(1, "");
        await(sent).close();
        for (String[] line :
            new String[][] {
              {"Upgrade", "anything"}, {"Connection", "x-name"}, {"Transfer-Encoding", "gzip"}
            }) {
          Request bad = Request.to("GET", server.url()).header(line[0], line[1]).build();
          assertEquals(
              "http2: invalid " + line[0] + " request header: \"" + line[1] + '"',
              failure(send(t, bad)).getMessage());
        }
      }
    }
  }
}
