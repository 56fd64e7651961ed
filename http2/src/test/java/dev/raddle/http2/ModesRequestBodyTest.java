package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.AbortHandlerException;
import dev.raddle.http.Handler;
import dev.raddle.http.Http;
import dev.raddle.http.MaxBytesException;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseController;
import dev.raddle.http2.Pair.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of requests, by all protocols alike. As {@link ModesRequestTest}. */
@Timeout(60)
class ModesRequestBodyTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Follows TestServerUnreadRequestBodyLittle and TestServerUnreadRequestBodyLarge. */
  @ParameterizedTest
  @EnumSource
  void aBodyThatNobodyReadsHindersNoOther(Mode mode) throws Exception {
    Handler handler = (w, r) -> w.write(r.path());
    try (Pair pair = Pair.of(mode, handler)) {
      for (int length : new int[] {10, 100_000, 3 << 20}) {
        for (int i = 0; i < 3; i++) {
          assertEquals("/a", pair.send(pair.to("POST", "/a").body(new byte[length])).text());
        }
        assertEquals("/b", pair.get("/b").text());
      }
    }
  }

  /** Follows TestNoSniffExpectRequestBody and TestServerExpect100ContinueUnreadBody. */
  @ParameterizedTest
  @EnumSource
  void aBodyIsSentIfTheServerAsksForIt(Mode mode) throws Exception {
    List<Integer> interim = new CopyOnWriteArrayList<>();
    Handler handler = (w, r) -> w.write(r.path().equals("/no") ? "no" : Fixture.read(r));
    try (Pair pair = Pair.ofTransport(mode, handler, t -> t.expectContinueTimeout(LONG))) {
      assertEquals(
          "body",
          pair.send(
                  pair.to("POST", "/yes")
                      .header("Expect", "100-continue")
                      .got1xxResponse((status, headers) -> interim.add(status))
                      .body("body"))
              .text());
      assertEquals(List.of(100), interim);
      Feed untouched = new Feed(); // would be waited for in vain
      assertEquals(
          "no",
          pair.send(pair.to("POST", "/no").header("Expect", "100-continue").body(untouched, -1))
              .text());
      assertEquals(List.of(100), interim);
      assertEquals("again", pair.send(pair.to("POST", "/").body("again")).text());
    }
  }

  /** Follows TestMaxBytesHandler and TestRequestBodyLimit. */
  @ParameterizedTest
  @EnumSource
  void bodiesAreLimited(Mode mode) throws Exception {
    int limit = 100_000;
    Handler echo =
        (w, r) -> {
          try {
            w.write(r.body().readAllBytes().length + "");
          } catch (MaxBytesException e) {
            Http.error(w, e.limit() + "", 413);
          }
        };
    try (Pair pair = Pair.of(mode, Http.maxBytesHandler(echo, limit))) {
      for (int i = 0; i < 3; i++) {
        assertEquals("100000", pair.send(pair.to("POST", "/").body(new byte[limit])).text());
        try (Response refused = pair.send(pair.to("POST", "/").body(new byte[limit + 1]))) {
          assertEquals(413, refused.status());
          assertEquals("100000\n", refused.text());
        }
      }
      InputStream endless =
          new InputStream() {
            @Override
            public int read() {
              return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
              return length;
            }
          };
      try (Response refused = pair.send(pair.to("POST", "/").body(endless, -1))) {
        assertEquals(413, refused.status());
      }
      assertEquals("5", pair.send(pair.to("POST", "/").body("other")).text());
    }
  }

  /** Follows TestTransportBodyLargerThanSpecifiedContentLength_* and TestTransportBodyReadError. */
  @ParameterizedTest
  @EnumSource
  void aBodyOfAnotherLengthThanWasSaidFailsOnBothSides(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          try {
            seen.add(Fixture.read(r));
          } catch (IOException e) {
            seen.add("failed");
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      InputStream shorter = new ByteArrayInputStream(new byte[5]);
      assertThrows(
          IOException.class, () -> pair.send(pair.to("POST", "/").body(shorter, 10)).close());
      assertEquals("failed", seen());
      InputStream longer = new ByteArrayInputStream(new byte[50]);
      assertThrows(
          IOException.class, () -> pair.send(pair.to("POST", "/").body(longer, 10)).close());
      Feed broken = new Feed();
      broken.send("some");
      broken.fail(new IOException("of the test"));
      IOException e =
          assertThrows(
              IOException.class, () -> pair.send(pair.to("POST", "/?b").body(broken, -1)).close());
      assertTrue(String.valueOf(e.getMessage()).contains("of the test"), e.toString());
      pair.send(pair.to("POST", "/").body("whole")).close();
      Fixture.until("the last one", () -> seen.contains("whole"));
    }
  }

  /** Follows TestConcurrentReadWriteReqBody, and TestTransportFullDuplex of http2. */
  @ParameterizedTest
  @EnumSource
  void requestAndResponseFlowAtTheSameTime(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          new ResponseController(w).enableFullDuplex();
          byte[] piece = new byte[100];
          for (int n = r.body().read(piece); n >= 0; n = r.body().read(piece)) {
            w.write(piece, 0, n);
            w.flush();
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      Feed feed = new Feed();
      feed.send("first");
      try (Response response = pair.send(pair.to("POST", "/").body(feed, -1))) {
        assertEquals("first", text(response.body().readNBytes(5)));
        feed.send("second");
        assertEquals("second", text(response.body().readNBytes(6)));
        feed.end();
        assertEquals(-1, response.body().read());
      }
    }
  }

  /** Follows TestIssue3644, and TestTransportBody of http2: several windows long. */
  @ParameterizedTest
  @EnumSource
  void largeBodiesPassInBothDirections(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          byte[] all = r.body().readAllBytes();
          OutputStream out = w.stream();
          for (int i = 0; i < all.length; i += 7777) {
            out.write(all, i, Math.min(7777, all.length - i));
          }
        };
    byte[] bytes = new byte[10 << 20]; // two windows of a stream and more, on either side
    new Random(2).nextBytes(bytes);
    try (Pair pair = Pair.of(mode, handler);
        Response response = pair.send(pair.to("POST", "/").body(bytes))) {
      assertArrayEquals(bytes, response.body().readAllBytes());
    }
  }

  /** Follows TestHandlerAbortRacesBodyRead. */
  @ParameterizedTest
  @EnumSource
  void aHandlerMayAbortWhileItsBodyIsRead(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          Go.go(
              () -> {
                try {
                  seen.add(r.body().readAllBytes().length + " bytes");
                } catch (IOException e) {
                  seen.add("ended");
                }
              });
          throw new AbortHandlerException();
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (int i = 0; i < 10; i++) {
        Feed feed = new Feed();
        feed.send("begun");
        CompletableFuture<Response> sent =
            FrameServer.send(pair.transport, pair.to("POST", "/").body(feed, -1).build());
        assertEquals("ended", seen());
        feed.end();
        assertInstanceOf(IOException.class, FrameServer.failure(sent));
      }
    }
  }
}
