package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.raddle.http.httptest.TestServer;
import dev.raddle.http.internal.BadRequest;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.RequestParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests of the corpus with random changes. Whatever comes, in whatever pieces: the reader gives
 * requests or refuses, always the same ones, and the server answers or closes and serves the next.
 *
 * <p>-Draddle.fuzz.seconds says how long, -Draddle.fuzz.seed where to begin; a failure names its
 * seed, with which alone it can be had again.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS) // for long runs; each test has limits of its own
class RequestFuzzTest {
  private static final long SECONDS = Long.getLong("raddle.fuzz.seconds", 1);
  private static final long SEED = Long.getLong("raddle.fuzz.seed", 9112);
  private static final int LONGEST = 8 << 10;
  private static final String[] WORDS = {
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "\"",
    "=",
    "0",
    "ffffffffffffffff",
    "0\r\n\r\n",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Host: y\r\n",
    "Expect: 100-continue\r\n",
    "Connection: close\r\n",
    "Trailer: A\r\n",
    "HTTP/1.0",
    "HTTP/1.1",
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "\u0080",
    "\u00ff",
    "%00",
    "%zz",
    "../",
    "*",
    "\r\n A: b",
  };
  private static final List<String> CORPUS = new ArrayList<>();
  private static volatile long current;

  @BeforeAll
  static void read() throws IOException {
    for (WireCase wire : WireCase.all()) {
      if (wire.request().length() <= LONGEST) {
        CORPUS.add(wire.request());
      }
    }
    assertTrue(CORPUS.size() > 200, "corpus: " + CORPUS.size());
  }

  private static long end() {
    return System.nanoTime() + SECONDS * 1_000_000_000L;
  }

  private static String mutate(Random random) {
    StringBuilder text = new StringBuilder(any(random));
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(6)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, text.substring(at, to).repeat(1 + random.nextInt(3)));
        case 2 -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
        case 3 -> text.replace(at, to, WORDS[random.nextInt(WORDS.length)]);
        case 4 -> text.replace(at, to, String.valueOf((char) random.nextInt(256)));
        default -> {
          String other = any(random);
          text.setLength(at);
          text.append(other.substring(random.nextInt(other.length() + 1)));
        }
      }
    }
    text.setLength(Math.min(text.length(), 2 * LONGEST));
    return text.toString();
  }

  private static String any(Random random) {
    return CORPUS.get(random.nextInt(CORPUS.size()));
  }

  /** In one piece and in many: the same. Nothing but an IOException ends the reader. */
  @Test
  void theReaderTakesBytesForTheSameHoweverTheyCome() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(SECONDS + 60),
        RequestFuzzTest::readMany,
        () -> "the reader does not end: seed " + current);
  }

  private static void readMany() {
    long end = end();
    for (long seed = SEED; seed == SEED || System.nanoTime() < end; seed++) {
      current = seed;
      Random random = new Random(seed);
      String text = mutate(random);
      int longest = 1 + random.nextInt(random.nextBoolean() ? 4 : 200);
      String whole = "";
      String split = "";
      try {
        whole = transcript(text, new Random(0), Integer.MAX_VALUE);
        split = transcript(text, random, longest);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", bytes " + quote(text), e);
      }
      if (!whole.equals(split)) {
        assertEquals(whole, split, "seed " + seed + ", bytes " + quote(text));
      }
    }
  }

  /** What a connection's goroutine would see. */
  private static String transcript(String text, Random random, int longest) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int[] at = {0};
    int[] atEnd = {0};
    RequestParser parser =
        new RequestParser(
            target -> {
              int n = 1 + (longest == Integer.MAX_VALUE ? longest - 1 : random.nextInt(longest));
              n = Math.min(Math.min(n, target.remaining()), bytes.length - at[0]);
              target.put(bytes, at[0], n);
              at[0] += n;
              if (n == 0 && ++atEnd[0] > 100) {
                throw new IllegalStateException("reads on and on behind the end");
              }
              return n == 0 ? -1 : n;
            },
            4096,
            100);
    StringBuilder seen = new StringBuilder();
    byte[] buffer = new byte[64];
    try {
      while (parser.await()) {
        RequestHead head = parser.readHead();
        if (head == null) {
          return seen.append("end").toString();
        }
        seen.append(head.method).append(' ').append(head.target).append(' ');
        for (int i = 0; i < head.size(); i++) {
          seen.append(head.lines()[i]).append('|');
        }
        CRC32 crc = new CRC32();
        long length = 0;
        for (int n = parser.readBody(buffer, 0, 64); n >= 0; n = parser.readBody(buffer, 0, 64)) {
          crc.update(buffer, 0, n);
          length += n;
        }
        seen.append(head.contentLength).append(' ').append(length).append(':');
        seen.append(crc.getValue()).append(' ').append(parser.trailer()).append('\n');
      }
      return seen.append("end").toString();
    } catch (BadRequest e) {
      // With which status depends on the pieces: of two faults the first that was read counts.
      return seen.append(e.status() / 100 > 3 ? "refused" : "status " + e.status()).toString();
    } catch (IOException e) {
      return seen.append("broken").toString();
    }
  }

  @Test
  void theServerAnswersOrClosesAndServesTheNext() throws Exception {
    LogLines log = new LogLines();
    ServerBuilder builder = Server.builder().errorLog(log).handler(GoTwin.mux());
    try (TestServer server = TestServer.start(builder)) {
      int port = server.server().address().getPort();
      long end = end();
      for (long seed = SEED; seed == SEED || System.nanoTime() < end; seed++) {
        Random random = new Random(seed);
        String text = mutate(random);
        String answer = talk(port, text, random);
        if (!answer.isEmpty() && !answer.startsWith("HTTP/1.")) {
          fail("seed " + seed + ", bytes " + quote(text) + ", answer " + quote(answer));
        }
        if (seed % 16 == 0) {
          Request next = Request.to("GET", server.url() + "/hello?name=" + seed).build();
          assertEquals("Hello, " + seed + "!", server.client().send(next).text());
        }
      }
      for (String line : log.lines()) {
        assertTrue(line.startsWith("http: "), line); // the two handlers that fail on purpose, ...
      }
    }
  }

  private static String talk(int port, String text, Random random) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      try {
        for (int at = 0; at < bytes.length; ) {
          int n = Math.min(bytes.length - at, 1 + random.nextInt(bytes.length));
          socket.getOutputStream().write(bytes, at, n);
          at += n;
        }
        socket.shutdownOutput();
      } catch (SocketException refused) {
        // Its answer can still be read.
      }
      socket.getInputStream().transferTo(got);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither an answer nor a close after " + quote(text), e);
    } catch (SocketException reset) {
      // What came before counts.
    }
    return got.toString(StandardCharsets.ISO_8859_1);
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted.append(
          c >= ' ' && c < 127 && c != '\\' ? String.valueOf(c) : String.format("\\x%02x", (int) c));
    }
    return quoted.toString();
  }
}
