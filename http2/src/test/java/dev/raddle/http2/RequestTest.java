package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Http;
import dev.raddle.http.MaxBytesException;
import dev.raddle.http.Server;
import dev.raddle.http2.FrameClient.Answer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What handlers get, and what never gets to them. Follows Go's http2/server_test.go. */
@Timeout(60)
class RequestTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private interface Talk {
    void with(FrameClient client) throws Exception;
  }

  private static void serve(Handler handler, Talk talk) throws Exception {
    try (Server server = Fixture.start(Fixture.h2c(handler));
        FrameClient client = new FrameClient(server.address())) {
      talk.with(client);
    }
  }

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  /** Follows TestServer_Request_Get, _Get_Authority and TestServer_Request_Get_PathSlashes. */
  @Test
  void aRequestLooksLikeOneOfHttp1() throws Exception {
    serve(
        (w, r) -> {
          seen.add(r.method() + " " + r.requestUri() + " " + r.path() + " " + r.rawQuery());
          seen.add(r.proto() + " " + r.protoMajor() + " " + r.protoMinor() + " " + r.host());
          seen.add(r.header("Foo-Bar") + " " + r.contentLength() + " " + r.tls());
          seen.add(r.headers().contains("Host") + " " + r.body().readAllBytes().length);
        },
        client -> {
          client.sendRequest(1, "GET", "/a%2fb//c?x=1&y=%20", true, "foo-bar", "some-value");
          assertEquals(200, client.answer(1).status());
          assertEquals("GET /a%2fb//c?x=1&y=%20 /a/b//c x=1&y=%20", seen());
          assertEquals("HTTP/2.0 2 0 localhost", seen());
          assertEquals("some-value 0 null", seen());
          assertEquals("false 0", seen());
        });
  }

  /** Follows TestServer_Request_Get_Host, _CookieConcat and _Post_Body_*. */
  @Test
  void linesAreJoinedAndBodiesMeasured() throws Exception {
    serve(
        (w, r) -> {
          seen.add(r.host() + " " + r.header("Cookie") + " " + r.headers().get("Name"));
          seen.add(r.contentLength() + " " + Fixture.read(r));
        },
        client -> {
          String[] head = {":method", "POST", ":scheme", "http", ":path", "/", "host", "x.test"};
          client.sendHead(1, false, concat(head, "cookie", "a=b", "cookie", "c=d", "name", "Jö"));
          client.sendData(1, "ab", false);
          client.sendData(1, "cd", true);
          client.answer(1);
          assertEquals("x.test a=b; c=d Jö", seen());
          assertEquals("-1 abcd", seen());
          client.sendRequest(3, "POST", "/", false, "content-length", "2");
          client.sendData(3, "xy", true);
          client.answer(3);
          seen();
          assertEquals("2 xy", seen());
        });
  }

  private static String[] concat(String[] first, String... second) {
    String[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Follows TestServer_Request_WithContinuation: a head in pieces. */
  @Test
  void aHeadMayComeInPieces() throws Exception {
    serve(
        (w, r) -> w.write(r.header("a") + r.header("b")),
        client -> {
          byte[] block =
              FrameClient.block(
                  ":method", "GET", ":scheme", "http", ":path", "/", "a", "1", "b", "2");
          client.sendFrame(FrameClient.HEADERS, FrameClient.END_STREAM, 1, Arrays.copyOf(block, 5));
          for (int i = 5; i < block.length; i++) {
            int flags = i == block.length - 1 ? FrameClient.END_HEADERS : 0;
            client.sendFrame(FrameClient.CONTINUATION, flags, 1, block[i]);
          }
          assertEquals("12", client.answer(1).body());
        });
  }

  /** Follows TestServer_Request_Reject_* and RFC 9113, 8.1.1 to 8.3.1. */
  @Test
  void malformedHeadsAreReset() throws Exception {
    List<String[]> heads =
        List.of(
            new String[] {"Upper", "x"},
            new String[] {"connection", "close"},
            new String[] {"keep-alive", "1"},
            new String[] {"proxy-connection", "close"},
            new String[] {"transfer-encoding", "chunked"},
            new String[] {"upgrade", "h2c"},
            new String[] {"te", "gzip"},
            new String[] {":status", "200"},
            new String[] {":unknown", "x"},
            new String[] {"content-length", "-1"},
            new String[] {"content-length", "3", "content-length", "4"},
            new String[] {"content-length", "3"}, // and no body
            new String[] {"a b", "x"});
    serve(
        (w, r) -> seen.add("handler"),
        client -> {
          int id = 1;
          for (String[] head : heads) {
            client.sendRequest(id, "GET", "/", true, head);
            client.assertReset(id, FrameClient.PROTOCOL_ERROR);
            id += 2;
          }
          client.sendHead(id, true, ":method", "GET", ":path", "/");
          client.assertReset(id, FrameClient.PROTOCOL_ERROR);
          id += 2;
          client.sendRequest(id, "GET", "/", true, "te", "trailers");
          assertEquals(200, client.answer(id).status()); // the connection has survived
          assertEquals("handler", seen());
          assertTrue(seen.isEmpty());
        });
  }

  /** Two hosts are answered with 400, as by HTTP/1; a target that is none is malformed. */
  @Test
  void badTargetsAndOtherHostsEndTheirStream() throws Exception {
    serve(
        (w, r) -> seen.add("handler"),
        client -> {
          client.sendRequest(1, "GET", "/", true, "host", "other");
          Answer answer = client.answer(1);
          assertEquals(400, answer.status());
          assertEquals("400 Bad Request", answer.body());
          client.sendRequest(3, "GET", "/%zz", true);
          client.assertReset(3, FrameClient.PROTOCOL_ERROR);
          assertTrue(seen.isEmpty());
        });
  }

  /** Follows TestServerDoS_MaxHeaderListSize: 431, and others go on. */
  @Test
  void aHeadThatIsTooLargeIsAnswered() throws Exception {
    try (Server server =
            Fixture.start(Fixture.h2c((w, r) -> {}).maxHeaderBytes(1000).maxHeaderValues(20));
        FrameClient client = new FrameClient(server.address())) {
      client.sendRequest(1, "GET", "/", true, "a", "x".repeat(7000));
      assertEquals(431, client.answer(1).status());
      String[] many = new String[60];
      Arrays.fill(many, "b");
      client.sendRequest(3, "GET", "/", true, many);
      assertEquals(431, client.answer(3).status());
      assertEquals(200, client.get(5, "/").status());
    }
  }

  /** Follows TestServer_Request_Post_Body_ContentLength_TooLarge and _TooSmall. */
  @Test
  void aBodyOfAnotherLengthThanDeclaredIsReset() throws Exception {
    serve(
        (w, r) -> {
          IOException e = assertThrows(IOException.class, () -> r.body().readAllBytes());
          seen.add(String.valueOf(e.getMessage()));
        },
        client -> {
          client.sendRequest(1, "POST", "/", false, "content-length", "3");
          client.sendData(1, "abcd", true);
          client.assertReset(1, FrameClient.PROTOCOL_ERROR);
          client.sendRequest(3, "POST", "/", false, "content-length", "3");
          client.sendData(3, "ab", true);
          client.assertReset(3, FrameClient.PROTOCOL_ERROR);
          assertTrue(seen().contains("PROTOCOL_ERROR"));
          assertTrue(seen().contains("PROTOCOL_ERROR"));
        });
  }

  /** Follows TestServerReadsTrailers: announced or not, but not what belongs into the head. */
  @Test
  void trailersFollowTheBody() throws Exception {
    serve(
        (w, r) -> {
          seen.add(r.trailer().contains("Sum") + r.trailer().get("Sum"));
          r.body().readAllBytes();
          seen.add(r.trailer().get("Sum") + " " + r.trailer().get("Other") + r.header("Trailer"));
          assertFalse(r.trailer().contains("Content-Type"));
        },
        client -> {
          client.sendRequest(1, "POST", "/", false, "trailer", "Sum");
          client.sendData(1, "abc", false);
          client.sendHead(1, true, "sum", "42", "other", "x", "content-type", "y");
          assertEquals(200, client.answer(1).status());
          assertEquals("true", seen());
          assertEquals("42 x", seen());
        });
  }

  /** RFC 9113, 8.1: a head in the middle of a body, or with pseudo headers, is none. */
  @Test
  void brokenTrailersResetTheStream() throws Exception {
    serve(
        (w, r) -> assertThrows(IOException.class, () -> r.body().readAllBytes()),
        client -> {
          client.sendRequest(1, "POST", "/", false);
          client.sendHead(1, false, "sum", "42");
          client.assertReset(1, FrameClient.PROTOCOL_ERROR);
          client.sendRequest(3, "POST", "/", false);
          client.sendHead(3, true, ":method", "GET");
          client.assertReset(3, FrameClient.PROTOCOL_ERROR);
        });
  }

  /** Follows TestServer_Response_Automatic100Continue: sent by the first read. */
  @Test
  void continueIsSentWhenTheBodyIsRead() throws Exception {
    serve(
        (w, r) -> w.write(r.path().equals("/no") ? "no" : Fixture.read(r)),
        client -> {
          client.sendRequest(1, "POST", "/", false, "expect", "100-continue");
          assertEquals("100", client.decode(client.next(FrameClient.HEADERS)).get(":status"));
          client.sendData(1, "body", true);
          assertEquals("body", client.answer(1).body());
          client.sendRequest(3, "POST", "/no", false, "expect", "100-continue");
          assertEquals(200, client.answer(3).status());
          client.assertReset(3, FrameClient.NO_ERROR); // the body is not wanted
        });
  }

  /** Follows TestRequestBodyLimit: the rest is refused, and the connection lives. */
  @Test
  void aBodyCanBeLimited() throws Exception {
    serve(
        (w, r) -> {
          var body = Http.maxBytesReader(w, r.body(), 3);
          assertThrows(MaxBytesException.class, body::readAllBytes);
          Http.error(w, "too much", 413);
        },
        client -> {
          client.sendRequest(1, "POST", "/", false);
          client.sendData(1, "abcdef", false);
          assertEquals(413, client.answer(1).status());
          client.assertReset(1, FrameClient.NO_ERROR);
          client.sendRequest(3, "POST", "/", false);
          client.sendData(3, "abcdef", true);
          assertEquals(413, client.answer(3).status());
        });
  }

  /** Follows TestServer_Request_Connect. */
  @Test
  void connectNamesAHost() throws Exception {
    serve(
        (w, r) -> seen.add(r.method() + " " + r.requestUri() + " " + r.host() + " " + r.path()),
        client -> {
          client.sendHead(1, true, ":method", "CONNECT", ":authority", "example.com:123");
          client.answer(1);
          assertEquals("CONNECT example.com:123 example.com:123 ", seen());
        });
  }
}
