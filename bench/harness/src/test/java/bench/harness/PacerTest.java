package bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PacerTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;

  PacerTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/hello", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void everyRequestThatIsDueIsAskedOnce() throws Exception {
    try (Pacer p = new Pacer(port(), 4)) {
      assertEquals(50, p.openLoop(500, 0.1).length);
    }
    assertEquals(50, asked.get());
  }

  /** One connection, whose first answer comes late: the others were due all the same. */
  @Test
  void whoWaitsForAnotherHasALatencyFromWhenItWasDue() throws Exception {
    server.removeContext("/hello");
    server.createContext(
        "/hello",
        x -> {
          if (asked.get() == 0) {
            LockSupport.parkNanos(300_000_000);
          }
          answer(x);
        });
    try (Pacer p = new Pacer(port(), 1)) {
      long[] latencies = p.openLoop(100, 0.2); // 20 requests within 190 ms
      assertEquals(20, latencies.length);
      assertTrue(latencies[0] >= 300_000_000 - 190_000_000, () -> latencies[0] + " ns");
    }
  }

  @Test
  void theClosedLoopCountsAnswers() throws Exception {
    try (Pacer p = new Pacer(port(), 2)) {
      double rate = p.closedLoop(0.2);
      assertTrue(rate > 0 && asked.get() >= rate * 0.2 - 2, () -> rate + " and " + asked);
      assertEquals(10, p.openLoop(1000, 0.01).length); // nothing of it is left
    }
  }

  @Test
  void aWrongAnswerFails() throws Exception {
    server.removeContext("/hello");
    server.createContext("/hello", x -> x.sendResponseHeaders(500, -1));
    try (Pacer p = new Pacer(port(), 1)) {
      assertThrows(IllegalStateException.class, () -> p.openLoop(1000, 0.01));
    }
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange x) throws IOException {
    asked.incrementAndGet();
    byte[] body = "Hello, John!".getBytes(StandardCharsets.US_ASCII);
    x.sendResponseHeaders(200, body.length);
    x.getResponseBody().write(body);
    x.close();
  }
}
