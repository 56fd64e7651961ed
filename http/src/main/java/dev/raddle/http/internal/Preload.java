package dev.raddle.http.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Builds the parser's tables before the first request: they take about 100 ms of a fresh JVM, and
 * that can pass while the program starts. More than half of it is the JDK's list of locales; two
 * threads for the parts were slower, because the JIT needs the other processor.
 */
public final class Preload {
  private Preload() {}

  /** Starts it, on a thread of its own that ends by itself. */
  public static void start() {
    Thread.ofPlatform().daemon().name("raddle-http-preload").start(Preload::parseOne);
  }

  private static void parseOne() {
    var request =
        ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    var parser =
        new RequestParser(
            target -> {
              int n = request.remaining();
              target.put(request);
              return n == 0 ? -1 : n;
            },
            1024,
            10);
    try {
      if (parser.readHead() == null) {
        throw new IllegalStateException("a request was expected, none was read");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
