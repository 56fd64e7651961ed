package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.httptest.TestServer;
import dev.raddle.net.Conn;
import dev.raddle.net.NetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that a handler, or a client, has taken over is one like others. */
@Timeout(30)
class HijackedConnTest {
  private static String text(ByteBuffer read) {
    return StandardCharsets.US_ASCII.decode(read.flip()).toString();
  }

  /** Follows TestServerHijackGetsBackgroundByte, and deadlines as of any connection. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itHasDeadlinesAndHalves(boolean watched) throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          if (watched) {
            assertNotNull(r.context()); // from now on another goroutine reads
          }
          try (Conn conn = new ResponseController(w).hijack()) {
            seen.complete(use(conn));
          } catch (Throwable e) {
            seen.completeExceptionally(e);
          }
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("go\r\n\r\n", client.read(0));
      client.send("hello");
      assertEquals("hello", seen.get(20, TimeUnit.SECONDS));
    }
  }

  private static String use(Conn conn) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(10);
    for (int i = 0; i < 2; i++) {
      conn.setReadDeadline(Duration.ofMillis(5));
      NetException late = assertThrows(NetException.class, () -> conn.read(buffer));
      assertTrue(late.isTimeout(), late.toString());
    }
    conn.setReadDeadline(null);
    conn.setWriteDeadline(Duration.ZERO);
    ByteBuffer go = ByteBuffer.wrap("go\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    NetException late = assertThrows(NetException.class, () -> conn.write(go));
    assertTrue(late.isTimeout(), late.toString());
    conn.setDeadline(null);
    conn.write(go);
    conn.awaitInput();
    while (buffer.position() < 5) {
      conn.read(buffer);
    }
    conn.closeRead();
    assertEquals(-1, conn.read(ByteBuffer.allocate(1)));
    return text(buffer);
  }

  /** Bytes behind the head are not lost when the goroutine that reads ahead is called back. */
  @Test
  void whatWasReadAheadComesFirst() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    Handler handler =
        (w, r) -> {
          assertNotNull(r.context());
          try (Conn conn = new ResponseController(w).hijack()) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            while (buffer.hasRemaining()) {
              conn.awaitInput();
              assertTrue(conn.read(buffer) > 0);
            }
            seen.complete(text(buffer));
          }
        };
    try (TestServer server = TestServer.start(handler);
        RawClient client = new RawClient(server.server().address())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n01234").send("56789");
      assertEquals("0123456789", seen.get(20, TimeUnit.SECONDS));
    }
  }
}
