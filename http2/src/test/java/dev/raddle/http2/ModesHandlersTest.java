package dev.raddle.http2;

import static dev.raddle.http2.FrameServer.failure;
import static dev.raddle.http2.FrameServer.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.context.DeadlineExceededException;
import dev.raddle.http.Client;
import dev.raddle.http.Handler;
import dev.raddle.http.Http;
import dev.raddle.http.Response;
import dev.raddle.http.ServeMux;
import dev.raddle.http2.Pair.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The handlers that come with the server, by all protocols alike. Follows what Go runs in several
 * modes of serve_test.go, fs_test.go and client_test.go.
 */
@Timeout(60)
class ModesHandlersTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  /** Follows TestTimeoutHandler and TestTimeoutHandlerContextCanceled. */
  @ParameterizedTest
  @EnumSource
  void aHandlerThatTakesTooLongIsAnsweredForIt(Mode mode) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    Handler slow =
        (w, r) -> {
          r.context().done().recv();
          assertInstanceOf(DeadlineExceededException.class, r.context().err());
          assertTrue(answered.await(20, TimeUnit.SECONDS));
          assertThrows(UncheckedIOException.class, () -> w.write("late"));
          seen.add("ended");
        };
    ServeMux mux = new ServeMux();
    mux.handle("/slow", Http.timeoutHandler(slow, Duration.ofMillis(10), "too slow"));
    mux.handle(
        "/fast",
        Http.timeoutHandler(
            (w, r) -> {
              w.header().set("X-Fast", "yes");
              w.writeHeader(201);
              w.write(Fixture.read(r));
            },
            Duration.ofMinutes(1),
            ""));
    try (Pair pair = Pair.of(mode, mux)) {
      try (Response response = pair.get("/slow")) {
        assertEquals(503, response.status());
        assertEquals("too slow", response.text());
      }
      answered.countDown();
      assertEquals("ended", seen());
      try (Response response = pair.send(pair.to("POST", "/fast").body("body"))) {
        assertEquals(201, response.status());
        assertEquals("yes", response.header("X-Fast"));
        assertEquals("body", response.text());
      }
    } finally {
      answered.countDown();
    }
  }

  /** Follows TestTimeoutHandlerPanicRecovery and TestTimeoutHandlerEmptyResponse. */
  @ParameterizedTest
  @EnumSource
  void aFailureInTimeIsThatOfTheHandler(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/fail")) {
            throw new IllegalStateException("intended");
          }
        };
    try (Pair pair = Pair.of(mode, Http.timeoutHandler(handler, Duration.ofMinutes(1), ""))) {
      assertThrows(IOException.class, () -> pair.get("/fail").close());
      Fixture.until("a line in the log", () -> pair.log.lines.size() == 1);
      try (Response response = pair.get("/")) {
        assertEquals(200, response.status());
        assertEquals("", response.text());
      }
    }
  }

  /** Follows TestStripPrefix. */
  @ParameterizedTest
  @EnumSource
  void aPrefixIsTakenOff(Mode mode) throws Exception {
    Handler handler = (w, r) -> w.write(r.path() + " " + r.escapedPath());
    try (Pair pair = Pair.of(mode, Http.stripPrefix("/foo/bar", handler))) {
      assertEquals("/qux /qux", pair.get("/foo/bar/qux").text());
      assertEquals("/q/x /q%2Fx", pair.get("/foo/bar/q%2Fx").text());
      try (Response other = pair.get("/bar")) {
        assertEquals(404, other.status());
      }
    }
  }

  /**
   * Follows TestServeFile, TestServeFileNotModified and TestLinuxSendfile (a copy over streams).
   */
  @ParameterizedTest
  @EnumSource
  void filesAndPartsOfThemAreServed(Mode mode, @TempDir Path directory) throws Exception {
    byte[] content = new byte[3_000_000];
    new Random(3).nextBytes(content);
    Files.write(directory.resolve("file"), content);
    Files.writeString(directory.resolve("page.html"), "<p>hi");
    try (Pair pair = Pair.of(mode, Http.fileServer(directory))) {
      String date;
      try (Response all = pair.get("/file")) {
        assertEquals(200, all.status());
        assertEquals(content.length, all.contentLength());
        assertEquals("bytes", all.header("Accept-Ranges"));
        assertArrayEquals(content, all.body().readAllBytes());
        date = all.header("Last-Modified");
      }
      assertPart(pair, content, "bytes=0-4", 0, 5);
      assertPart(pair, content, "bytes=1000000-2999999", 1_000_000, 3_000_000);
      assertPart(pair, content, "bytes=-5", 2_999_995, 3_000_000);
      try (Response none = pair.send(pair.to("GET", "/file").header("Range", "bytes=3000000-"))) {
        assertEquals(416, none.status());
        assertEquals("bytes */3000000", none.header("Content-Range"));
      }
      try (Response two =
          pair.send(pair.to("GET", "/file").header("Range", "bytes=0-1,2999998-2999999"))) {
        assertEquals(206, two.status());
        assertTrue(two.header("Content-Type").startsWith("multipart/byteranges; boundary="));
        assertEquals(two.contentLength(), two.body().readAllBytes().length);
      }
      try (Response same = pair.send(pair.to("GET", "/file").header("If-Modified-Since", date))) {
        assertEquals(304, same.status());
        assertEquals(0, same.body().readAllBytes().length);
      }
      try (Response head = pair.send(pair.to("HEAD", "/page.html"))) {
        assertEquals(5, head.contentLength());
        assertEquals("text/html; charset=utf-8", head.header("Content-Type"));
      }
    }
  }

  private static void assertPart(Pair pair, byte[] content, String range, int from, int to)
      throws IOException {
    try (Response part = pair.send(pair.to("GET", "/file").header("Range", range))) {
      assertEquals(206, part.status());
      assertEquals(to - from, part.contentLength());
      assertEquals(
          "bytes " + from + "-" + (to - 1) + "/" + content.length, part.header("Content-Range"));
      assertArrayEquals(Arrays.copyOfRange(content, from, to), part.body().readAllBytes());
    }
  }

  /** Follows TestMuxRedirectRelative, TestPostRedirects and TestRedirectGetBody. */
  @ParameterizedTest
  @EnumSource
  void redirectsAreFollowed(Mode mode) throws Exception {
    ServeMux mux = new ServeMux();
    mux.handle("/tree/", (w, r) -> w.write(r.method() + " " + r.path() + " " + Fixture.read(r)));
    mux.handle("/seen", Http.redirectHandler("/tree/leaf", 303));
    mux.handle("/moved", Http.redirectHandler("/tree/leaf", 308));
    try (Pair pair = Pair.of(mode, mux)) {
      Client client = Client.builder().transport(pair.transport).build();
      assertEquals("GET /tree/ ", client.send(pair.to("GET", "/tree").build()).text());
      assertEquals(
          "GET /tree/leaf ", client.send(pair.to("POST", "/seen").body("body").build()).text());
      assertEquals(
          "POST /tree/leaf body",
          client.send(pair.to("POST", "/moved").body("body").build()).text());
    }
  }

  /**
   * Follows TestClientTimeout, TestClientTimeout_Headers and TestTransportResponseHeaderTimeout.
   */
  @ParameterizedTest
  @EnumSource
  void aClientDoesNotWaitForEver(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/warm")) {
            return;
          }
          if (r.path().equals("/body")) {
            w.write("begun");
            w.flush();
          }
          r.context().done().recv();
          seen.add("ended");
        };
    Duration soon = Duration.ofSeconds(1);
    try (Pair pair = Pair.of(mode, handler)) {
      pair.get("/warm").close(); // the time is to pass in the handler, not in a handshake
      Client client = Client.builder().transport(pair.transport).timeout(soon).build();
      assertThrows(IOException.class, () -> client.send(pair.to("GET", "/head").build()).close());
      assertEquals("ended", seen());
      try (Response response = client.send(pair.to("GET", "/body").build())) {
        assertEquals("begun", text(response.body().readNBytes(5)));
        assertThrows(IOException.class, () -> response.body().read());
      }
      assertEquals("ended", seen());
    }
    try (Pair pair = Pair.ofTransport(mode, handler, t -> t.responseHeaderTimeout(soon))) {
      pair.get("/warm").close();
      String why = failure(send(pair.transport, pair.to("GET", "/head").build())).toString();
      assertTrue(why.contains("timeout"), why);
      assertEquals("ended", seen());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
