package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.Net;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transport makes of what servers do: further tests of Go's transport_test.go. */
@Timeout(30)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class TransportAnswersTest {
  private static TransportBuilder builder() {
    return Transport.builder().proxy(r -> null);
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  /** Follows TestTransportExpect100Continue200ResponseWithConnClose: no body, no connection. */
  @Test
  void anAnswerInPlaceOfContinueMayEndTheConnection() throws Exception {
    BlockingQueue<String> after = new LinkedBlockingQueue<>();
    WireServer.Script script =
        (peer, number) -> {
          peer.head();
          peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
          after.add(peer.read(4));
        };
    try (WireServer server = WireServer.start(script);
        Transport t = builder().expectContinueTimeout(Duration.ofHours(1)).build()) {
      Request request =
          Request.to("PUT", server.url()).header("Expect", "100-continue").body("body").build();
      try (Response response = t.roundTrip(request)) {
        assertEquals(200, response.status());
      }
      assertEquals("", after.poll(20, TimeUnit.SECONDS));
      assertEquals(0, t.idleConnections());
    }
  }

  /** Follows TestTransportExpect100Continue500ResponseTimeout: silence means yes, after a time. */
  @Test
  void theBodyIsSentAfterASilence() throws Exception {
    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    WireServer.Script script =
        (peer, number) -> {
          peer.head();
          bodies.add(peer.read(4));
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        };
    try (WireServer server = WireServer.start(script);
        Transport t = builder().expectContinueTimeout(Duration.ofMillis(5)).build()) {
      Request request =
          Request.to("PUT", server.url()).header("Expect", "100-continue").body("body").build();
      try (Response response = t.roundTrip(request)) {
        assertEquals(200, response.status());
      }
      assertEquals("body", bodies.poll(20, TimeUnit.SECONDS));
    }
  }

  /** Follows TestTransportGzipRecursive: what is packed twice is unpacked once. */
  @Test
  void aBodyIsUnpackedOnce() throws IOException {
    byte[] once = gzip("hello".getBytes(StandardCharsets.US_ASCII));
    Handler handler =
        (w, r) -> {
          w.header().set("Content-Encoding", "gzip");
          w.write(gzip(once));
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build();
        Response response = t.roundTrip(get(server.url()))) {
      assertArrayEquals(once, response.body().readAllBytes());
      assertEquals("", response.header("Content-Encoding"));
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** Follows TestTransportIdleConnCrash and TestTransportCloseIdleConnsThenReturn. */
  @Test
  void aConnectionThatComesBackAfterIdleOnesWereClosedIsClosed() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/slow")) {
            entered.countDown();
            goOn.await();
          }
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      t.roundTrip(get(server.url())).close();
      assertEquals(1, t.idleConnections());
      Go.go(
          () -> {
            t.roundTrip(get(server.url() + "/slow")).close();
            done.countDown();
          });
      entered.await();
      t.closeIdleConnections();
      goOn.countDown();
      done.await();
      assertEquals(0, t.idleConnections());
      t.roundTrip(get(server.url())).close(); // wanted again
      assertEquals(1, t.idleConnections());
    }
  }

  /** Follows TestIssue3644: the connection is not closed before the body has been read. */
  @Test
  void allOfALongBodyComesBeforeTheEnd() throws IOException {
    Handler handler =
        (w, r) -> {
          w.header().set("Connection", "close");
          for (int i = 0; i < 5000; i++) {
            w.write("foo ");
          }
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      assertEquals("foo ".repeat(5000), t.roundTrip(get(server.url())).text());
    }
  }

  /**
   * Follows TestRetryRequestsOnError: the second write, to a connection that was kept, fails. What
   * may be sent twice is, and so is what did not go out at all.
   */
  @ParameterizedTest
  @CsvSource({
    "GET, '', 1, true",
    "GET, foo, 1, true",
    "DELETE, '', 0, true",
    "POST, foo, 0, true",
    "DELETE, '', 1, false",
    "POST, foo, 1, false",
  })
  void whatDidNotGoOutIsSentAgain(String method, String body, int written, boolean again)
      throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    Handler handler =
        (w, r) -> seen.add(new String(r.body().readAllBytes(), StandardCharsets.US_ASCII));
    AtomicInteger writes = new AtomicInteger();
    AtomicInteger dials = new AtomicInteger();
    try (TestServer server = TestServer.start(handler);
        Transport t =
            builder()
                .dialer(
                    (context, address) -> {
                      dials.incrementAndGet();
                      Conn conn = Net.dial(context, "tcp", address);
                      return failing(conn, () -> writes.incrementAndGet() == 2 ? written : -1);
                    })
                .build()) {
      for (int i = 0; i < 3; i++) {
        RequestBuilder request = Request.to(method, server.url());
        if (!body.isEmpty()) {
          request.body(body);
        }
        if (i == 1 && !again) {
          assertThrows(IOException.class, () -> t.roundTrip(request.build()));
        } else {
          t.roundTrip(request.build()).close();
        }
      }
      assertEquals(again ? List.of(body, body, body) : List.of(body, body), seen);
      assertEquals(2, dials.get());
    }
  }

  /** How many bytes a write takes before it fails; -1: all, and it does not fail. */
  @FunctionalInterface
  private interface Failures {
    int next();
  }

  private static Conn failing(Conn conn, Failures failures) {
    return (Conn)
        Proxy.newProxyInstance(
            Conn.class.getClassLoader(),
            new Class<?>[] {Conn.class},
            (proxy, method, args) -> {
              if (method.getName().equals("write") && args[0] instanceof ByteBuffer source) {
                int taken = failures.next();
                if (taken >= 0) {
                  source.position(source.position() + Math.min(taken, source.remaining()));
                  throw new IOException("this write fails");
                }
              }
              try {
                return method.invoke(conn, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Follows TestConnClosedBeforeRequestIsWritten. */
  @Test
  void theBodyOfARequestThatCannotBeWrittenIsClosed() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    ByteArrayInputStream body =
        new ByteArrayInputStream(new byte[5]) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    try (TestServer server = TestServer.start((w, r) -> {});
        Transport t =
            builder()
                .dialer((context, address) -> failing(Net.dial(context, "tcp", address), () -> 0))
                .build()) {
      Request request = Request.to("POST", server.url()).body(body, 5).build();
      assertThrows(IOException.class, () -> t.roundTrip(request));
      assertTrue(closed.get());
    }
  }

  /** Follows TestTransportPrefersResponseOverWriteError. */
  @Test
  void anAnswerCountsMoreThanAWriteThatFails() throws IOException {
    Handler handler = (w, r) -> w.writeHeader(r.contentLength() > 1 << 20 ? 400 : 200);
    byte[] big = new byte[2 << 20];
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().build()) {
      for (int i = 0; i < 20; i++) {
        try (Response response = t.roundTrip(Request.to("PUT", server.url()).body(big).build())) {
          assertEquals(400, response.status());
        }
      }
    }
  }

  /** Follows TestTransportIgnores408: a server's word about an idle connection is for nobody. */
  @Test
  void whatComesUnaskedEndsTheConnection() throws Exception {
    WireServer.Script script =
        (peer, number) -> {
          peer.head();
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          peer.write("HTTP/1.1 408 bye\r\n");
          peer.readAll();
        };
    try (WireServer server = WireServer.start(script);
        Transport t = builder().build()) {
      assertEquals("ok", t.roundTrip(get(server.url())).text());
      while (t.idleConnections() > 0) { // ends by the time limit of the class
        Go.sleep(Duration.ofMillis(1));
      }
      assertEquals("ok", t.roundTrip(get(server.url())).text());
    }
  }

  /** Follows TestValidateClientRequestTrailers. */
  @ParameterizedTest
  @ValueSource(strings = {"Trx|x\r\nX-Another-One", "\r\nTrx|X-Another-One", "Content-Length|1"})
  void trailersThatCannotBeSentAreRefused(String line) throws IOException {
    int bar = line.indexOf('|');
    Headers trailer = new Headers();
    trailer.add(line.substring(0, bar), line.substring(bar + 1));
    AtomicBoolean served = new AtomicBoolean();
    try (TestServer server = TestServer.start((w, r) -> served.set(true));
        Transport t = builder().build()) {
      Request request = Request.to("GET", server.url()).body("b").trailer(trailer).build();
      IOException e = assertThrows(IOException.class, () -> t.roundTrip(request));
      assertTrue(String.valueOf(e.getMessage()).contains("invalid trailer field"), e.toString());
      assertFalse(served.get());
    }
  }
}
