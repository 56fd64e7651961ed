package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Connections that a transport keeps: they cost little, and each still works. */
@Timeout(180)
class IdleClientTest {
  private static final int COUNT = Integer.getInteger("raddle.idle.connections", 5_000);
  private static final int WARM_UP = 500; // so that what is counted runs compiled

  /**
   * Of the Java heap, for a connection and the goroutine that watches it; their buffers are 9 KB.
   */
  private static final long MOST_BYTES = 6 << 10;

  @Test
  @EnabledOnOs(OS.LINUX)
  void thousandsOfIdleConnectionsCostLittle() throws Exception {
    Process server = server();
    try (Transport transport =
        Transport.builder()
            .proxy(r -> null)
            .maxIdleConns(0)
            .maxIdleConnsPerHost(WARM_UP + COUNT)
            .build()) {
      String url = "http://127.0.0.1:" + server.inputReader().readLine() + "/";
      for (int i = 0; i < 10; i++) {
        use(transport, url, WARM_UP);
      }
      assertEquals(WARM_UP, transport.idleConnections());
      long before = used(transport, url);
      use(transport, url, WARM_UP + COUNT);
      assertEquals(WARM_UP + COUNT, transport.idleConnections());
      long each = (used(transport, url) - before) / COUNT;
      System.out.println("idle client connection: " + each + " bytes of heap, goroutine included");
      assertTrue(each < MOST_BYTES, each + " bytes each");
      use(transport, url, WARM_UP + COUNT);
      assertEquals(WARM_UP + COUNT, transport.idleConnections());
    } finally {
      server.outputWriter().close();
      assertEquals(0, server.waitFor());
    }
  }

  /** That many requests at once, each on a connection that is kept. */
  private static void use(Transport transport, String url, int count) throws IOException {
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      responses.add(transport.roundTrip(Request.to("GET", url).build()));
    }
    assertEquals(0, transport.idleConnections());
    for (Response response : responses) {
      assertEquals("idle?", response.text());
    }
  }

  private static Process server() throws IOException {
    String path = System.getProperty("surefire.test.class.path");
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            path == null ? System.getProperty("java.class.path") : path,
            IdleServerProgram.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** A Pool lets go of what nobody has taken when it is used after each of two collections. */
  private static long used(Transport transport, String url) throws IOException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Runtime r = Runtime.getRuntime();
      least = Math.min(least, r.totalMemory() - r.freeMemory());
      try (Response response = transport.roundTrip(Request.to("GET", url).build())) {
        assertEquals("idle?", response.text());
      }
    }
    return least;
  }
}
