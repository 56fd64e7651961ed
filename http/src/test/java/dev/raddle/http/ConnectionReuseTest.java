package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.raddle.Go;
import dev.raddle.context.Context;
import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import dev.raddle.net.Listener;
import dev.raddle.net.Net;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections a transport keeps, and that nobody gets another one's answer. */
@Timeout(30)
class ConnectionReuseTest {
  private static TransportBuilder builder() {
    return Transport.builder().proxy(r -> null);
  }

  private static Request get(String url) {
    return Request.to("GET", url).build();
  }

  /** Answers every head, on any number of connections, with the same bytes. */
  private static Listener answering(String bytes) throws IOException {
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    Go.go(
        () -> {
          try {
            while (true) {
              Conn conn = listener.accept();
              Go.go(() -> answerAll(conn, bytes));
            }
          } catch (IOException e) {
            // The test is over.
          }
        });
    return listener;
  }

  private static void answerAll(Conn conn, String bytes) {
    try (conn) {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      StringBuilder head = new StringBuilder();
      while (conn.read(buffer.clear()) >= 0) {
        head.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        if (head.indexOf("\r\n\r\n") >= 0) {
          head.setLength(0);
          conn.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        }
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static String url(Listener listener) {
    return "http://" + HostPort.of(listener.address()) + "/";
  }

  /** Go: "Unsolicited response received on idle HTTP channel". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
      })
  void aSecondAnswerInTheSameSegmentAnswersNobody(String answer) throws IOException {
    try (Listener listener = answering(answer + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nX");
        Transport t = builder().build()) {
      String expected = answer.contains("204") ? "" : "a";
      for (int i = 0; i < 3; i++) {
        assertEquals(expected, t.roundTrip(get(url(listener))).text());
        assertEquals(0, t.idleConnections());
      }
    }
  }

  /** A body that gives a piece, waits, and then fails as no stream should. */
  private static InputStream failing(BooleanSupplier go) {
    return new InputStream() {
      private boolean given;

      @Override
      public int read() {
        throw new UnsupportedOperationException("expected reads of pieces, found one of a byte");
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (!given) {
          given = true;
          return 10;
        }
        while (!go.getAsBoolean()) {
          Thread.onSpinWait();
        }
        throw new IllegalStateException("as bad as it gets");
      }
    };
  }

  @Test
  void aBodyThatThrowsFailsItsRequest() throws IOException {
    try (TestServer server =
            TestServer.start((w, r) -> w.write("" + r.body().readAllBytes().length));
        Transport t = builder().build()) {
      Request request =
          Request.to("POST", server.url()).body(() -> failing(() -> true), 100).build();
      IOException e = assertThrows(IOException.class, () -> t.roundTrip(request));
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      assertSame(IllegalStateException.class, root.getClass(), e.toString());
      assertEquals(0, t.idleConnections());
    }
  }

  @Test
  void aConnectionWithHalfARequestIsNotKept() throws IOException {
    AtomicBoolean answered = new AtomicBoolean();
    try (Listener listener = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly");
        Transport t = builder().build()) {
      Request request =
          Request.to("POST", url(listener)).body(() -> failing(answered::get), 100).build();
      Response response = t.roundTrip(request);
      answered.set(true);
      assertEquals("early", response.text());
      assertEquals(0, t.idleConnections());
      assertEquals("early", t.roundTrip(get(url(listener))).text());
    }
  }

  /** A connection on which nothing ever comes, and which notices two readers. */
  private static final class Silent implements Conn {
    final AtomicBoolean twoReaders = new AtomicBoolean();
    private final AtomicInteger readers = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (readers.incrementAndGet() > 1) {
        twoReaders.set(true);
      }
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return -1;
    }

    @Override
    public void write(ByteBuffer source) {}

    @Override
    public void closeWrite() {}

    @Override
    public void close() {
      closed.countDown();
    }

    @Override
    public InetSocketAddress localAddress() {
      return new InetSocketAddress(0);
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress(0);
    }
  }

  /** Follows TestTransportIdleConnRacesRequest: taken as soon as it is there. */
  @Test
  void aConnectionIsWatchedBeforeItCanBeTaken() throws Exception {
    for (int i = 0; i < 2000; i++) {
      Silent silent = new Silent();
      ConnectionPool pool = new ConnectionPool(builder(), new Sessions(builder()));
      ClientConnection connection = new ClientConnection(pool, Destination.plain("a"), silent);
      CountDownLatch ended = new CountDownLatch(1);
      CountDownLatch begin = new CountDownLatch(1);
      Go.go(
          () -> {
            begin.countDown();
            while (pool.idleConnections() == 0) {
              Thread.onSpinWait();
            }
            ClientConnection taken =
                Objects.requireNonNull(
                    pool.take(Destination.plain("a"), Context.background()).connection());
            assertSame(connection, taken);
            try {
              taken.intake.read(ByteBuffer.allocate(1));
            } finally {
              ended.countDown();
            }
          });
      begin.await();
      connection.release();
      while (connection.isIdle()) { // ends by the time limit of the class
        Thread.onSpinWait();
      }
      silent.close();
      ended.await();
      assertFalse(silent.twoReaders.get(), "round " + i);
    }
  }

  /** Follows TestClientRedirects: with its body closed, so that the next one gets a connection. */
  @Test
  void aRedirectPolicyThatThrowsLeaksNoConnection() throws IOException {
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/ok")) {
            w.write("ok");
            return;
          }
          w.header().set("Location", "/ok");
          w.writeHeader(302);
          w.write(new byte[100_000]);
        };
    try (TestServer server = TestServer.start(handler);
        Transport t = builder().maxConnsPerHost(1).build()) {
      for (Client.RedirectPolicy policy : policies()) {
        Client client = Client.builder().transport(t).redirects(policy).build();
        assertThrows(Exception.class, () -> client.send(get(server.url())));
        assertEquals("ok", client.send(get(server.url() + "/ok")).text());
      }
    }
  }

  private static Client.RedirectPolicy[] policies() {
    return new Client.RedirectPolicy[] {
      (next, past) -> {
        throw new IOException("no");
      },
      (next, past) -> {
        throw new IllegalStateException("never");
      }
    };
  }
}
