package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that mean no good: the next one is served, and nothing is left behind. */
@Timeout(60)
class AbuseTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int SLACK = 20; // pollers, class files

  private int goroutines;
  private long descriptors;

  @BeforeEach
  void count() throws IOException {
    goroutines = Go.numGoroutine();
    descriptors = openDescriptors();
  }

  /** Waits; ends by the time limit of the class. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    while (Go.numGoroutine() > goroutines + 2 || openDescriptors() > descriptors + SLACK) {
      Go.sleep(Duration.ofMillis(10));
    }
  }

  private static long openDescriptors() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.count();
    }
  }

  private static TestServer start(ServerBuilder builder) throws IOException {
    return TestServer.start(
        builder.handler(
            (w, r) -> {
              r.body().readAllBytes();
              w.write("ok");
            }));
  }

  private static void theNextOneIsServed(TestServer server) throws IOException {
    assertEquals("ok", server.client().send(Request.to("GET", server.url()).build()).text());
  }

  @Test
  void connectsAndDrops() throws Exception {
    try (TestServer server = start(Server.builder())) {
      for (int i = 0; i < 2000; i++) {
        try (RawClient client = new RawClient(server.server().address())) {
          if (i % 2 == 0) {
            client.send("GET / HT");
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
      assertEquals(100, log.lines().size());
      theNextOneIsServed(server);
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

  /** What was sent beyond the refusal may reset the connection before the answer is read. */
  private static String answerOrReset(RawClient client) {
    try {
      return client.readAll();
    } catch (IOException reset) {
      return "";
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
