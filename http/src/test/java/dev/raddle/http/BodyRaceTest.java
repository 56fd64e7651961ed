package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.http.httputil.ReverseProxy;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are still being read while, or after, their request is answered. */
@Timeout(60)
@SuppressWarnings("StringConcatToTextBlock") // lines on the wire end with CR LF
class BodyRaceTest {
  private interface Task {
    void run(int i) throws Exception;
  }

  /** Runs a task so often on some goroutines; the first failure is the test's. */
  private static void race(int goroutines, int times, Task task) throws Exception {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(goroutines);
    for (int g = 0; g < goroutines; g++) {
      int from = g * times;
      Go.go(
          () -> {
            try {
              for (int i = from; i < from + times; i++) {
                task.run(i);
              }
            } catch (Throwable e) {
              failure.compareAndSet(null, e);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
    assertNull(failure.get(), () -> String.valueOf(failure.get()));
  }

  private static void readInBackground(Request r) {
    Go.go(
        () -> {
          try {
            r.body().readAllBytes();
          } catch (IOException e) {
            // The request has been answered.
          }
        });
  }

  /** Follows TestServerEmptyBodyRace. */
  @Test
  void anEmptyBodyIsReadWhileTheHandlerReturns() throws Exception {
    Handler handler =
        (w, r) -> {
          readInBackground(r);
          w.header().set("I", r.header("I"));
        };
    try (TestServer server = TestServer.start(handler)) {
      race(
          10,
          20,
          i -> {
            Request request =
                Request.to("POST", server.url()).header("I", "" + i).body(new byte[0]).build();
            try (Response response = server.client().send(request)) {
              assertEquals("" + i, response.header("I"));
            }
          });
    }
  }

  /** Each answer belongs to its request, whoever got the bytes of the body. */
  @Test
  void aBodyIsReadWhileTheHandlerReturns() throws Exception {
    Handler handler =
        (w, r) -> {
          readInBackground(r);
          w.header().set("I", r.header("I"));
          w.write("done");
        };
    try (TestServer server = TestServer.start(handler)) {
      race(
          8,
          50,
          i -> {
            try (RawClient client = new RawClient(server.server().address())) {
              String request = "Host: x\r\nContent-Length: 8\r\nI: " + i + "\r\n\r\nGET ";
              client.send("POST / HTTP/1.1\r\n" + request);
              client.send(" /a ");
              client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nI: next\r\n\r\n");
              String answer = client.readAll();
              assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\nI: " + i + "\r\n"), answer);
              String more = answer.substring(answer.indexOf("done") + 4);
              assertTrue(more.isEmpty() || more.contains("\r\nI: next\r\n"), more);
            }
          });
    }
  }

  /** Follows TestTransportAndServerSharedBodyRace: the other server does not wait for the body. */
  @Test
  void anUploadGoesOnWhileItsAnswerIsPassedOn() throws Exception {
    try (Listener backend = Net.listen("tcp", "127.0.0.1:0")) {
      CountDownLatch answered = new CountDownLatch(1);
      Go.go(
          () -> {
            try {
              while (true) {
                Conn conn = backend.accept();
                Go.go(() -> answerEarly(conn, answered));
              }
            } catch (IOException e) {
              // The test is over.
            }
          });
      ReverseProxy proxy = ReverseProxy.to("http://" + HostPort.of(backend.address()));
      try (TestServer server = TestServer.start(proxy);
          RawClient client = new RawClient(server.server().address())) {
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n0123456789");
        answered.await();
        client.send("x".repeat(990) + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        String answer = client.readAll();
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.endsWith("early"), answer);
      }
    }
  }

  private static void answerEarly(Conn conn, CountDownLatch answered) {
    try (conn) {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      StringBuilder got = new StringBuilder();
      while (got.indexOf("\r\n\r\n") < 0) {
        conn.read(buffer.clear());
        got.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
      }
      String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nearly";
      conn.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
      answered.countDown();
      while (conn.read(buffer.clear()) >= 0) {
        buffer.clear();
      }
    } catch (IOException e) {
      // The proxy has given up the upload.
    }
  }

  /** Follows TestTimeoutHandlerRace and ...RaceHeader: the handler is late, or nearly so. */
  @Test
  void handlersEndWhileTheirTimeDoes() throws Exception {
    Handler slow =
        (w, r) -> {
          int pieces = Integer.parseInt(r.path().substring(1));
          for (int i = 0; i < pieces; i++) {
            r.body().read();
            w.write("hi");
            Go.sleep(Duration.ofMillis(1));
          }
        };
    Handler timed = Http.timeoutHandler(slow, Duration.ofMillis(5), "late");
    try (TestServer server = TestServer.start(timed)) {
      race(
          10,
          10,
          i -> {
            int pieces = i % 10;
            Request request =
                Request.to("POST", server.url() + "/" + pieces).body("0123456789").build();
            try (Response response = server.client().send(request)) {
              String text = response.text();
              boolean late = response.status() == 503 && text.equals("late");
              assertTrue(late || text.equals("hi".repeat(pieces)), response.status() + text);
            }
          });
    }
  }

  /** Follows TestTimeoutHandlerRaceHeaderTimeout. */
  @Test
  void aLateHandlerReadsItsBodyAfterTheAnswer() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Handler late =
        (w, r) -> {
          r.body().read();
          answered.await();
          try {
            w.header().set("X", "y");
            r.body().readAllBytes();
          } catch (IOException e) {
            // The request has been answered.
          } finally {
            over.countDown();
          }
        };
    Handler timed = Http.timeoutHandler(late, Duration.ofMillis(5), "late");
    try (TestServer server = TestServer.start(timed);
        RawClient client = new RawClient(server.server().address())) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n1");
      String answer = client.read(4);
      assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
      assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
      answered.countDown();
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("", client.readAll());
      over.await();
    }
  }

  /** Follows TestHandlerAbortRacesBodyRead. */
  @Test
  void aHandlerAbortsWhileItsBodyIsRead() throws Exception {
    Handler handler =
        (w, r) -> {
          readInBackground(r);
          throw new AbortHandlerException();
        };
    byte[] big = new byte[1 << 20];
    try (TestServer server = TestServer.start(handler)) {
      race(
          10,
          10,
          i -> {
            try (Response response =
                server.client().send(Request.to("POST", server.url()).body(big).build())) {
              throw new AssertionError("expected none, found " + response.statusLine());
            } catch (IOException e) {
              // as it must be
            }
          });
    }
  }
}
