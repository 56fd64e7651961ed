package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.AbortHandlerException;
import dev.raddle.http.Handler;
import dev.raddle.http.Http;
import dev.raddle.http.Response;
import dev.raddle.http2.Pair.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Responses, by all protocols alike, with server and client of ours. Follows what Go runs in
 * several modes of clientserver_test.go and serve_test.go.
 */
@Timeout(60)
class ModesResponseTest {
  /** Follows TestHeadResponses, TestH12_HeadContentLengthNoBody, _SmallBody and _LargeBody. */
  @ParameterizedTest
  @EnumSource
  void headGetsTheHeadOfGet(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          switch (r.path()) {
            case "/small" -> w.write("small");
            case "/large" -> {
              for (int i = 0; i < 100; i++) {
                w.write("x".repeat(1000));
              }
            }
            case "/said" -> {
              w.header().set("Content-Length", "20");
              w.writeHeader(200);
            }
            default -> {}
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (String path : List.of("/", "/small", "/large", "/said")) {
        try (Response head = pair.send(pair.to("HEAD", path))) {
          assertEquals(200, head.status());
          assertEquals(0, head.body().readAllBytes().length);
          long length = path.equals("/small") ? 5 : path.equals("/said") ? 20 : -1;
          if (length >= 0) {
            assertEquals(length, head.contentLength(), path);
          }
          if (path.equals("/small") || path.equals("/large")) {
            assertEquals("text/plain; charset=utf-8", head.header("Content-Type"));
          }
        }
      }
    }
  }

  /** Follows TestH2_204NoBody, _304NoBody, _404NoBody and TestCodesPreventingContentTypeAndBody. */
  @ParameterizedTest
  @EnumSource
  void someStatusesHaveNoBody(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Foo", "bar");
          w.writeHeader(Integer.parseInt(r.path().substring(1)));
          w.write("body");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (int status : new int[] {204, 304, 404}) {
        try (Response response = pair.get("/" + status)) {
          assertEquals(status, response.status());
          assertEquals("bar", response.header("Foo"));
          assertEquals(status == 404 ? "body" : "", response.text());
          assertEquals(status == 404, response.headers().contains("Content-Type"));
          assertEquals(status == 404, response.headers().contains("Content-Length"));
          assertTrue(response.headers().contains("Date"));
        }
      }
    }
  }

  /** Follows TestEarlyHints, TestProcessing and TestTransportIgnore1xxResponses. */
  @ParameterizedTest
  @EnumSource
  void hintsComeBeforeTheResponse(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().add("Link", "</style.css>; rel=preload");
          w.writeHeader(103);
          w.header().add("Link", "</script.js>; rel=preload");
          w.writeHeader(103);
          w.writeHeader(102);
          w.writeHeader(201);
          w.write("stuff");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      List<String> hints = new ArrayList<>();
      try (Response response =
          pair.send(
              pair.to("GET", "/")
                  .got1xxResponse(
                      (status, headers) ->
                          hints.add(status + " " + headers.values("Link").size())))) {
        assertEquals(List.of("103 1", "103 2", "102 2"), hints);
        assertEquals(201, response.status());
        assertEquals(2, response.headers().values("Link").size());
        assertEquals("stuff", response.text());
      }
      assertEquals("stuff", pair.get("/").text()); // without a listener they are passed over
    }
  }

  /** Follows TestHandlerPanic, TestHandlerPanicNil and TestInterruptWithPanic. */
  @ParameterizedTest
  @EnumSource
  void aHandlerThatFailsFailsItsRequestOnly(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          switch (r.path()) {
            case "/at-once" -> throw new IllegalStateException("intentional");
            case "/late" -> {
              w.write("hi");
              w.flush();
              throw new IllegalStateException("intentional");
            }
            case "/abort" -> throw new AbortHandlerException();
            default -> w.write("fine");
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      assertThrows(IOException.class, () -> pair.get("/at-once").close());
      Fixture.until("a word in the log", () -> pair.log.lines.size() == 1);
      try (Response response = pair.get("/late")) {
        assertEquals("hi", text(response.body().readNBytes(2)));
        assertThrows(IOException.class, () -> response.body().read());
      }
      Fixture.until("another word", () -> pair.log.lines.size() == 2);
      assertThrows(IOException.class, () -> pair.get("/abort").close());
      assertEquals("fine", pair.get("/").text());
      assertEquals(2, pair.log.lines.size());
      assertTrue(pair.log.lines.getFirst().contains("GET /at-once"), pair.log.lines.toString());
    }
  }

  /** Follows TestServerContentType, TestContentEncodingNoSniffing and TestServerNoDate. */
  @ParameterizedTest
  @EnumSource
  void headsAreCompleted(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          switch (r.path()) {
            case "/none" -> {
              w.header().setAll("Date", List.of());
              w.header().setAll("Content-Type", List.of());
            }
            case "/encoded" -> w.header().set("Content-Encoding", "foo");
            default -> {}
          }
          w.write("<html>hi");
        };
    try (Pair pair = Pair.ofTransport(mode, handler, t -> t.disableCompression())) {
      try (Response response = pair.get("/")) {
        assertEquals("text/html; charset=utf-8", response.header("Content-Type"));
        assertTrue(response.headers().contains("Date"));
        assertFalse(response.headers().contains("Connection"));
        assertFalse(response.headers().contains("Transfer-Encoding"));
      }
      try (Response response = pair.get("/none")) {
        assertFalse(response.headers().contains("Content-Type"));
        assertFalse(response.headers().contains("Date"));
      }
      try (Response response = pair.get("/encoded")) {
        assertFalse(response.headers().contains("Content-Type"));
      }
    }
  }

  /**
   * Follows TestBadResponseAfterReadingBody and TestTransportResponseHeaderLength, both sides ours.
   */
  @ParameterizedTest
  @EnumSource
  void theHeadOfAResponseIsLimited(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/long")) {
            for (int i = 0; i < 20; i++) {
              w.header().set("X-" + i, "x".repeat(1000));
            }
          }
          w.write("body");
        };
    try (Pair pair = Pair.ofTransport(mode, handler, t -> t.maxResponseHeaderBytes(10_000))) {
      assertEquals("body", pair.get("/").text());
      assertThrows(IOException.class, () -> pair.get("/long").close());
      assertEquals("body", pair.get("/").text());
    }
  }

  /** Follows TestWriteHeader0 and TestWriteHeaderNoCodeCheck. */
  @ParameterizedTest
  @EnumSource
  void onlyThreeDigitsAreAStatus(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          assertThrows(IllegalArgumentException.class, () -> w.writeHeader(0));
          w.writeHeader(r.path().equals("/odd") ? 999 : 503);
        };
    try (Pair pair = Pair.of(mode, handler)) {
      assertEquals(503, pair.get("/").status());
      assertEquals(999, pair.get("/odd").status());
    }
  }

  /** Follows TestErrorContentLength and TestDisableContentLength. */
  @ParameterizedTest
  @EnumSource
  void aLengthThatDoesNotHoldIsNotSent(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/error")) {
            w.header().set("Content-Length", "1000");
            Http.error(w, "an error", 404);
          } else {
            w.header().setAll("Content-Length", List.of());
            w.write("OK");
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      assertEquals("an error\n", pair.get("/error").text());
      try (Response response = pair.get("/")) {
        assertEquals(-1, response.contentLength());
        assertEquals("OK", response.text());
      }
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
