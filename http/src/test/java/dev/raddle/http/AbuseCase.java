package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Go;
import dev.raddle.http.httptest.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of abuse share: after each, goroutines and descriptors are as before. */
abstract class AbuseCase {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int SLACK = 20; // pollers, class files

  private int goroutines;
  private long descriptors;

  @BeforeEach
  void count() throws IOException {
    goroutines = Go.numGoroutine();
    descriptors = descriptors(DESCRIPTORS);
  }

  /** Waits; ends by the time limit of the class. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    while (Go.numGoroutine() > goroutines + 2 || descriptors(DESCRIPTORS) > descriptors + SLACK) {
      Go.sleep(Duration.ofMillis(10));
    }
  }

  /** How many descriptors a process has open. */
  static long descriptors(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  static TestServer start(ServerBuilder builder) throws IOException {
    return TestServer.start(
        builder.handler(
            (w, r) -> {
              r.body().readAllBytes();
              w.write("ok");
            }));
  }

  static void theNextOneIsServed(TestServer server) throws IOException {
    assertEquals("ok", server.client().send(Request.to("GET", server.url()).build()).text());
  }

  /** What was sent beyond the refusal may reset the connection before the answer is read. */
  static String answerOrReset(RawClient client) {
    try {
      return client.readAll();
    } catch (IOException reset) {
      return "";
    }
  }

  /** A handler may say so after its connection has ended. */
  static void awaitLines(LogLines log, int expected) throws InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (log.lines().size() < expected && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    assertEquals(expected, log.lines().size());
  }
}
