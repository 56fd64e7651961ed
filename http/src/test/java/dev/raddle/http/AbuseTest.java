package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.httptest.TestServer;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that mean no good: the next one is served, and nothing is left behind. */
@Timeout(60)
class AbuseTest extends AbuseCase {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** Most with a reset, so that the ports of this machine last. */
  @Test
  @Timeout(600)
  void connectsAndDrops() throws Exception {
    int connects = Integer.getInteger("raddle.abuse.connects", 2000);
    try (TestServer server = start(Server.builder())) {
      for (int i = 0; i < connects; i++) {
        try (Socket client = new Socket(LOOPBACK, server.server().address().getPort())) {
          client.setSoLinger(i % 8 != 0, 0);
          if (i % 2 == 0) {
            client.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
          }
        }
      }
      theNextOneIsServed(server);
    }
  }

  @Test
  void slowHeadsAndHalfOpenConnectionsRunIntoTheirTime() throws Exception {
    try (TestServer server = start(Server.builder().readHeaderTimeout(SHORT).idleTimeout(SHORT))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client);
        client.send(i % 3 == 0 ? "" : i % 3 == 1 ? "GET / HTTP/1.1\r\nA:" : "GET / HTTP/1.1\r\n");
      }
      for (RawClient client : clients) {
        assertEquals("", client.readAll());
        client.close();
      }
      theNextOneIsServed(server);
    }
  }

  @Test
  void slowBodiesRunIntoTheirTime() throws Exception {
    LogLines log = new LogLines();
    try (TestServer server = start(Server.builder().readTimeout(SHORT).errorLog(log))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na"));
      }
      for (RawClient client : clients) {
        assertEquals("", client.readAll()); // the handler fails, and says so
        client.close();
      }
      awaitLines(log, 100);
      theNextOneIsServed(server);
    }
  }

  /** By default after a minute. */
  @Test
  void bodiesThatStandStillEndWithOneLineEach() throws Exception {
    LogLines log = new LogLines();
    try (TestServer server = start(Server.builder().stallTimeout(SHORT).errorLog(log))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        RawClient client = new RawClient(server.server().address());
        String framing = i % 2 == 0 ? "Content-Length: 9" : "Transfer-Encoding: chunked";
        clients.add(client.send("POST / HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n1\r"));
      }
      for (RawClient client : clients) {
        assertEquals("", answerOrReset(client));
        client.close();
      }
      awaitLines(log, 100);
      theNextOneIsServed(server);
    }
  }

  /** Readers that take nothing end their handlers, which can be told from the failure. */
  @Test
  void readersThatStandStillEndTheirHandlers() throws Exception {
    int readers = 20;
    CountDownLatch ended = new CountDownLatch(readers);
    List<String> failures = new CopyOnWriteArrayList<>();
    Handler handler =
        (w, r) -> {
          if (!r.path().equals("/endless")) {
            w.write("ok");
            return;
          }
          byte[] piece = new byte[1 << 20];
          try {
            while (true) {
              w.write(piece);
            }
          } catch (UncheckedIOException e) {
            failures.add(String.valueOf(e.getCause()));
            throw e;
          } finally {
            ended.countDown();
          }
        };
    LogLines log = new LogLines();
    try (TestServer server =
        TestServer.start(Server.builder().stallTimeout(SHORT).errorLog(log).handler(handler))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n"));
      }
      ended.await();
      theNextOneIsServed(server);
      for (RawClient client : clients) {
        client.close();
      }
      assertEquals(readers, failures.size());
      for (String failure : failures) {
        assertTrue(failure.contains("the client took nothing of the response"), failure);
      }
      assertEquals(List.of(), log.lines()); // clients that leave are nobody's fault
    }
  }

  /** A stream may rest for as long as its handler neither reads nor writes. */
  @Test
  void streamsThatRestAreNotEnded() throws Exception {
    Handler handler =
        (w, r) -> {
          r.body().read();
          new ResponseController(w).enableFullDuplex();
          for (int i = 0; i < 3; i++) {
            w.write("rest ");
            w.flush();
            Go.sleep(SHORT.multipliedBy(3));
          }
          w.write("" + r.body().readAllBytes().length);
        };
    try (TestServer server =
            TestServer.start(Server.builder().stallTimeout(SHORT).handler(handler));
        RawClient client = new RawClient(server.server().address())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nabcd");
      String answer = client.readAll();
      assertTrue(answer.contains("rest ") && answer.endsWith("1\r\n3\r\n0\r\n\r\n"), answer);
    }
  }

  @Test
  void headersAndTargetsWithoutEndAreRefused() throws Exception {
    try (TestServer server = start(Server.builder().maxHeaderBytes(10_000))) {
      for (String flood :
          List.of(
              "GET /" + "x".repeat(1 << 20),
              "GET / HTTP/1.1\r\nA: " + "x".repeat(1 << 20),
              "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(100_000),
              "x".repeat(1 << 20))) {
        try (RawClient client = new RawClient(server.server().address())) {
          client.send(flood);
          String answer = answerOrReset(client);
          assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
        }
      }
      theNextOneIsServed(server);
    }
  }

  @Test
  void handlersThatThrowOrNeverEndHoldNobodyElseUp() throws Exception {
    CountDownLatch entered = new CountDownLatch(50);
    LogLines log = new LogLines();
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/throw")) {
            throw new StackOverflowError("as bad as it gets");
          }
          if (r.path().equals("/never")) {
            entered.countDown();
            r.context().done().recv(); // until the server closes
          }
          w.write("ok");
        };
    try (TestServer server = TestServer.start(Server.builder().errorLog(log).handler(handler))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n"));
        try (RawClient other = new RawClient(server.server().address())) {
          assertEquals("", other.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").readAll());
        }
      }
      entered.await();
      theNextOneIsServed(server);
      assertEquals(50, log.lines().size()); // one clear line for each failure
      server.server().close();
      for (RawClient client : clients) {
        answerOrReset(client);
        client.close();
      }
    }
  }
}
