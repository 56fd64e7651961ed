package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.httptest.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come piece by piece, end early, or are never read. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class StreamingTest {
  private static TransportBuilder builder() {
    return Transport.builder().proxy(r -> null);
  }

  /** Gives a line each time that one has been asked for. */
  private static final class Lines extends InputStream {
    private final CountDownLatch[] gates;
    private int line;

    Lines(CountDownLatch... gates) {
      this.gates = gates;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("expected reads of pieces, found one of a byte");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (line == gates.length) {
        return -1;
      }
      try {
        assertTrue(gates[line].await(20, TimeUnit.SECONDS), "gate " + line);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      target[offset] = (byte) ('a' + line++);
      return 1;
    }
  }

  /** Follows TestTransportFlushesRequestHeader and TestTransportFlushesBodyChunks. */
  @ParameterizedTest
  @ValueSource(longs = {-1, 3})
  void aRequestGoesOutAsItsBodyComes(long length) throws IOException {
    CountDownLatch[] gates = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
    Handler handler =
        (w, r) -> {
          String seen = "";
          for (CountDownLatch gate : gates) {
            gate.countDown(); // only now the client has more
            seen += (char) r.body().read();
          }
          w.write(seen + r.body().read());
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      Request request =
          Request.to("POST", server.url()).body(() -> new Lines(gates), length).build();
      assertEquals("abc-1", t.roundTrip(request).text());
    }
  }

  /** Follows TestIssue3595: a body without end, which the server does not want. */
  @Test
  void anAnswerCountsMoreThanTheBodyThatWasRefused() throws IOException {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return length;
          }
        };
    try (TestServer server =
            TestServer.start((w, r) -> Http.error(w, "sorry", Http.STATUS_UNAUTHORIZED));
        Transport t = builder().build()) {
      for (int i = 0; i < 5; i++) {
        Request request = Request.to("POST", server.url()).body(endless, -1).build();
        try (Response response = t.roundTrip(request)) {
          assertEquals(401, response.status());
          assertEquals("sorry\n", response.text());
        }
        assertEquals(0, t.idleConnections());
      }
    }
  }

  /**
   * Follows TestTransportReuseConnection_Gzip_... and TestTransportContentEncodingCaseInsensitive.
   */
  @ParameterizedTest
  @CsvSource({"gzip, true", "gzip, false", "GZIP, true", "GZip, false"})
  void packedBodiesKeepTheirConnection(String name, boolean chunked) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("foo".repeat(5000).getBytes(StandardCharsets.UTF_8));
    }
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Encoding", name);
          w.header().set("From", r.remoteAddress());
          if (!chunked) {
            w.header().set("Content-Length", "" + packed.size());
          }
          w.write(packed.toByteArray());
          if (chunked) {
            w.flush();
          }
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      String from = "";
      for (int i = 0; i < 2; i++) {
        try (Response response = t.roundTrip(Request.to("GET", server.url()).build())) {
          assertEquals("foo".repeat(5000), response.text());
          assertTrue(i == 0 || from.equals(response.header("From")));
          from = response.header("From");
        }
      }
      assertEquals(1, t.idleConnections());
    }
  }

  /** Follows TestTransportPersistConnLeak and ...ShortBody: bodies that nobody reads. */
  @Test
  void bodiesThatAreClosedUnreadLeaveNothing() throws Exception {
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Length", "100000");
          w.write(new byte[100000]);
        };
    try (TestServer server = TestServer.start(handler)) {
      int before = Go.numGoroutine();
      try (Transport t = builder().build()) {
        for (int i = 0; i < 25; i++) {
          t.roundTrip(Request.to("GET", server.url()).build()).close();
        }
      }
      while (Go.numGoroutine() > before) { // ends by the time limit of the class
        Go.sleep(Duration.ofMillis(5));
      }
    }
  }

  /** Follows TestTransportConcurrency: each gets its own answer. */
  @Test
  void manyAtATimeGetTheirOwnAnswers() throws Exception {
    AtomicBoolean wrong = new AtomicBoolean();
    try (TestServer server = TestServer.start((w, r) -> w.write(r.query("echo")));
        Transport t = builder().build()) {
      CountDownLatch done = new CountDownLatch(16);
      for (int g = 0; g < 16; g++) {
        int base = g * 100;
        Go.go(
            () -> {
              try {
                for (int i = base; i < base + 30; i++) {
                  Request request = Request.to("GET", server.url() + "/?echo=" + i).build();
                  if (!t.roundTrip(request).text().equals("" + i)) {
                    wrong.set(true);
                  }
                }
              } catch (IOException e) {
                wrong.set(true);
              } finally {
                done.countDown();
              }
            });
      }
      done.await();
      assertFalse(wrong.get());
    }
  }

  /** Follows TestServerReadAfterHandlerDone100Continue, and ...HandlerAbort100Continue. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobodyIsToldToContinueAfterTheAnswer(boolean aborts) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CompletableFuture<Boolean> failed = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          Go.go(
              () -> {
                answered.await();
                try {
                  r.body().readAllBytes();
                  failed.complete(false);
                } catch (IOException e) {
                  failed.complete(true);
                }
              });
          if (aborts) {
            throw new AbortHandlerException();
          }
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
      String answer = client.read(0);
      assertTrue(aborts ? answer.isEmpty() : answer.startsWith("HTTP/1.1 200 "), answer);
      answered.countDown();
      assertTrue(failed.get(20, TimeUnit.SECONDS));
      assertEquals("", client.readAll());
    }
  }

  /** Follows TestRequestBodyCloseDoesntBlock: the client never sends it. */
  @Test
  void aBodyIsClosedWithoutWaiting() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          r.body().close();
          closed.complete(true);
          assertThrows(IOException.class, () -> r.body().read());
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
      assertTrue(closed.get(20, TimeUnit.SECONDS));
    }
  }

  /** Follows TestProcessing, TestContentTypeOkayOn204 and TestContentLengthZero. */
  @Test
  void headsSayWhatTheHandlerSaid() throws Exception {
    Handler handler =
        (w, r) -> {
          switch (r.path()) {
            case "/102" -> w.writeHeader(102);
            case "/204" -> {
              w.header().set("Content-Type", "text/foo");
              w.header().set("Content-Length", "123");
              w.writeHeader(204);
            }
            default -> w.header().set("Content-Length", "0");
          }
        };
    try (TestServer server = TestServer.start(handler)) {
      for (String[] each :
          new String[][] {
            {"/102 HTTP/1.1", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n"},
            {"/204 HTTP/1.1", "HTTP/1.1 204 No Content\r\nContent-Type: text/foo\r\n"},
            {"/0 HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"},
            {"/0 HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n"},
          }) {
        try (RawClient client = new RawClient(server.server().address())) {
          client.send("GET " + each[0] + "\r\nHost: x\r\nConnection: close\r\n\r\n");
          String answer = client.readAll();
          assertTrue(answer.startsWith(each[1]), answer);
          assertTrue(answer.endsWith("\r\n\r\n"), answer);
          assertFalse(answer.contains("Transfer-Encoding"), answer);
          assertFalse(answer.contains("123"), answer);
        }
      }
    }
  }
}
