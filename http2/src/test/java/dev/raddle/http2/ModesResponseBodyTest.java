package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.Handler;
import dev.raddle.http.Response;
import dev.raddle.http.ResponseController;
import dev.raddle.http2.Pair.Mode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of responses, by all protocols alike. As {@link ModesResponseTest}. */
@Timeout(60)
class ModesResponseBodyTest {
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String seen() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  /** Follows TestH12_SmallBody, _ExplicitContentLength, _FlushBeforeBody, _MidBody. */
  @ParameterizedTest
  @EnumSource
  void theLengthOfAResponseIsToldIfItIsKnown(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          switch (r.path()) {
            case "/explicit" -> {
              w.header().set("Content-Length", "7");
              w.write("foo");
              w.write("barx");
            }
            case "/before" -> {
              w.flush();
              w.write("foobarx");
            }
            case "/between" -> {
              w.write("foo");
              w.flush();
              w.write("barx");
            }
            default -> w.write("foobarx");
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (String path : List.of("/", "/explicit", "/before", "/between")) {
        try (Response response = pair.get(path)) {
          boolean known = path.equals("/") || path.equals("/explicit");
          assertEquals(known ? 7 : -1, response.contentLength(), path);
          assertEquals("foobarx", response.text());
        }
      }
    }
  }

  /** Follows TestH12_HandlerWritesTooLittle: the body fails behind what came, and no other does. */
  @ParameterizedTest
  @EnumSource
  void aBodyShorterThanDeclaredFails(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Length", "8");
          w.write(r.path().equals("/whole") ? "12345678" : "1234567");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      try (Response response = pair.get("/")) {
        assertEquals("1234567", text(response.body().readNBytes(7)));
        assertThrows(IOException.class, () -> response.body().read());
      }
      assertEquals("12345678", pair.get("/whole").text());
    }
  }

  /** Follows TestHandlerWritesTooMuch: the client gets what was declared. */
  @ParameterizedTest
  @EnumSource
  void aBodyIsNotLongerThanDeclared(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Length", "5");
          w.write("123");
          if (r.path().equals("/flush")) {
            w.flush();
          }
          w.write("45");
          w.write("x");
          w.write("");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (String path : List.of("/", "/flush")) {
        assertEquals("12345", pair.get(path).text());
      }
      assertEquals(2, pair.log.lines.size(), pair.log.lines.toString());
    }
  }

  /** A write that goes beyond the declared length is not taken at all. */
  @ParameterizedTest
  @EnumSource
  void aWriteBeyondTheDeclaredLengthIsDropped(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Length", "5");
          w.write("123");
          w.write("456");
          w.write("45");
        };
    try (Pair pair = Pair.of(mode, handler);
        Response response = pair.get("/")) {
      assertEquals(5, response.contentLength());
      assertEquals("123", text(response.body().readNBytes(3)));
      assertThrows(IOException.class, () -> response.body().read());
    }
  }

  /**
   * Follows TestTrailersServerToClient, with and without flush, and TestServerUndeclaredTrailers.
   */
  @ParameterizedTest
  @EnumSource
  void trailersFollowTheBodyOfAResponse(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Trailer", "Server-Trailer-A, Server-Trailer-B");
          w.header().add("Trailer", "Server-Trailer-C");
          w.write("body");
          if (r.path().equals("/flush")) {
            w.flush();
          }
          w.header().set("Server-Trailer-A", "valuea");
          w.header().set("Server-Trailer-C", "valuec"); // B is left out
          w.header().set("Server-Trailer-NotDeclared", "dropped");
          w.header().set("Trailer:Late", "not declared");
        };
    try (Pair pair = Pair.of(mode, handler)) {
      for (String path : List.of("/", "/flush")) {
        try (Response response = pair.get(path)) {
          assertEquals("", response.trailer().get("Server-Trailer-A"));
          assertEquals("body", response.text());
          assertEquals("valuea", response.trailer().get("Server-Trailer-A"));
          assertEquals("", response.trailer().get("Server-Trailer-B"));
          assertEquals("valuec", response.trailer().get("Server-Trailer-C"));
          assertEquals("not declared", response.trailer().get("Late"));
          assertFalse(response.trailer().contains("Server-Trailer-NotDeclared"));
        }
      }
    }
  }

  private static byte[] packed(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var packer = new GZIPOutputStream(bytes)) {
      packer.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** Follows TestH12_AutoGzip, _AutoGzip_Disabled and TestTransportGzip. */
  @ParameterizedTest
  @EnumSource
  void packedBodiesAreUnpackedIfTheTransportAsked(Mode mode) throws Exception {
    String text = "I am some gzipped content. ".repeat(10_000);
    Handler handler =
        (w, r) -> {
          seen.add(r.header("Accept-Encoding"));
          w.header().set("Content-Encoding", "gzip");
          w.write(packed(text));
        };
    try (Pair pair = Pair.of(mode, handler)) {
      try (Response response = pair.get("/")) {
        assertEquals("gzip", seen());
        assertTrue(response.uncompressed());
        assertEquals(-1, response.contentLength());
        assertFalse(response.headers().contains("Content-Encoding"));
        assertEquals(text, response.text());
      }
      try (Response response = pair.send(pair.to("GET", "/").header("Accept-Encoding", "gzip"));
          InputStream unpacked =
              new GZIPInputStream(new ByteArrayInputStream(response.body().readAllBytes()))) {
        assertEquals("gzip", seen());
        assertEquals("gzip", response.header("Content-Encoding"));
        assertEquals(text, text(unpacked.readAllBytes()));
      }
    }
    try (Pair pair = Pair.ofTransport(mode, handler, t -> t.disableCompression());
        Response response = pair.get("/")) {
      assertEquals("", seen());
      assertFalse(response.uncompressed());
    }
  }

  /** Follows TestOnlyWriteTimeout and TestWriteDeadlineEnforcedPerStream. */
  @ParameterizedTest
  @EnumSource
  void aResponseThatNobodyReadsEndsAtItsDeadline(Mode mode) throws Exception {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/other")) {
            w.write("other");
            return;
          }
          w.write("begun");
          w.flush();
          new ResponseController(w).setWriteDeadline(Instant.now().plusMillis(50));
          try {
            for (int i = 0; i < 200; i++) {
              w.write(new byte[1 << 20]);
            }
            seen.add("written");
          } catch (UncheckedIOException e) {
            seen.add("late");
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      try (Response response = pair.get("/")) {
        assertEquals("late", seen());
        assertThrows(IOException.class, () -> response.body().transferTo(nowhere()));
      }
      assertEquals("other", pair.get("/other").text());
    }
  }

  private static OutputStream nowhere() {
    return OutputStream.nullOutputStream();
  }

  /** Follows TestResponseBodyReadAfterClose. */
  @ParameterizedTest
  @EnumSource
  void aClosedBodyCannotBeRead(Mode mode) throws Exception {
    try (Pair pair = Pair.of(mode, (w, r) -> w.write("x".repeat(1 << 20)))) {
      Response response = pair.get("/");
      response.close();
      assertThrows(IOException.class, () -> response.body().read());
    }
  }

  /** Follows TestTransportGzipShort and TestTransportGzipRecursive. */
  @ParameterizedTest
  @EnumSource
  void aPackedBodyIsUnpackedOnceAndToItsEnd(Mode mode) throws Exception {
    byte[] packed = packed("some text");
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Encoding", "gzip");
          if (r.path().equals("/short")) {
            w.write(packed, 0, packed.length - 5);
          } else {
            w.write(twice(packed));
          }
        };
    try (Pair pair = Pair.of(mode, handler)) {
      try (Response response = pair.get("/short")) {
        assertThrows(IOException.class, () -> response.body().readAllBytes());
      }
      try (Response response = pair.get("/twice")) {
        assertArrayEquals(packed, response.body().readAllBytes());
      }
    }
  }

  private static byte[] twice(byte[] packed) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var packer = new GZIPOutputStream(bytes)) {
      packer.write(packed);
    }
    return bytes.toByteArray();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
