package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.http.httptest.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients and handlers that use up what there is: the next one is served, nothing is left. */
@Timeout(120)
class AbuseLimitsTest extends AbuseCase {
  private static final String HOST = " / HTTP/1.1\r\nHost: x\r\n";
  private static final String CHUNKED = "POST" + HOST + "Transfer-Encoding: chunked\r\n\r\n";

  /** What is around the data is limited, in extensions, in sizes and in the trailer. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void chunksThatAreMostlyNoDataAreRefused(int kind) throws Exception {
    String flood =
        switch (kind) {
          case 0 -> CHUNKED + "1;" + "x".repeat(1 << 20);
          case 1 -> CHUNKED + ("1;" + "x".repeat(1000) + "\r\na\r\n").repeat(2000);
          case 2 -> CHUNKED + "0".repeat(1 << 20);
          case 3 -> CHUNKED + "1\r\na\r\n0\r\n" + "A: b\r\n".repeat(100_000);
          default -> CHUNKED + "1\r\na\r\n0\r\nA: " + "b".repeat(2 << 20);
        };
    LogLines log = new LogLines();
    try (TestServer server = start(Server.builder().errorLog(log))) {
      try (RawClient client = new RawClient(server.server().address())) {
        client.send(flood);
        assertEquals("", answerOrReset(client)); // the handler fails, and says so
      }
      awaitLines(log, 1);
      theNextOneIsServed(server);
    }
  }

  /** A body in chunks of a byte each is slow, but a body. */
  @Test
  void chunksOfOneByteAreRead() throws Exception {
    try (TestServer server =
            TestServer.start((w, r) -> w.write("" + r.body().readAllBytes().length));
        RawClient client = new RawClient(server.server().address())) {
      client.send(CHUNKED + "1\r\na\r\n".repeat(20_000) + "0\r\n\r\n");
      assertTrue(client.read(5).endsWith("\r\n\r\n20000"));
    }
  }

  /** Requests without end, whose answers nobody reads. */
  @Test
  void pipelinesThatNobodyReadsEnd() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    byte[] answer = new byte[64 << 10];
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/big")) {
            full.countDown();
            w.write(answer);
          } else {
            w.write("ok");
          }
        };
    ServerBuilder builder = Server.builder().stallTimeout(Duration.ofMillis(200)).handler(handler);
    try (TestServer server = TestServer.start(builder)) {
      List<RawClient> clients = new ArrayList<>();
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client);
        writers.add(Thread.ofPlatform().start(() -> flood(client)));
      }
      full.await();
      theNextOneIsServed(server);
      for (Thread writer : writers) {
        writer.join(); // the server has closed: else they would write for ever
      }
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void flood(RawClient client) {
    String requests = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    boolean open = true;
    while (open) {
      open = client.offer(requests);
    }
  }

  /** More handlers than processors that never end and never wait. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the JDK's scheduler takes no processor back from who does not wait")
  void handlersThatSpinForEverHoldNobodyElseUp() throws Exception {
    int hogs = Runtime.getRuntime().availableProcessors() + 1;
    CountDownLatch spinning = new CountDownLatch(hogs);
    AtomicBoolean spin = new AtomicBoolean(true);
    Handler handler =
        (w, r) -> {
          if (r.path().equals("/spin")) {
            spinning.countDown();
            while (spin.get()) {
              Thread.onSpinWait();
            }
          }
          w.write("ok");
        };
    try (TestServer server = TestServer.start(handler)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < hogs; i++) {
        RawClient client = new RawClient(server.server().address());
        clients.add(client.send("GET /spin HTTP/1.1\r\nHost: x\r\n\r\n"));
      }
      spinning.await();
      for (int i = 0; i < 5; i++) {
        theNextOneIsServed(server);
      }
      spin.set(false);
      for (RawClient client : clients) {
        assertTrue(client.read(2).endsWith("ok"));
        client.close();
      }
    } finally {
      spin.set(false);
    }
  }

  /** A server with few descriptors, for a process of its own. It ends with its input. */
  static final class Limited {
    private Limited() {}

    public static void main(String[] args) throws IOException {
      Server server = Server.builder().addr("127.0.0.1:0").handler((w, r) -> w.write("ok")).build();
      server.start();
      try (RawClient first = new RawClient(server.address())) {
        first.send("GET" + HOST + "\r\n").read(2); // classes are loaded: that needs descriptors
      }
      System.out.println("port " + server.address().getPort());
      System.in.transferTo(System.out);
    }
  }

  /** Out of descriptors: those who hold some are served, the others when they have gone. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutDescriptorsEverybodyIsServedInTheEnd() throws Exception {
    int clients = 300;
    int limit = 160;
    String path = System.getProperty("surefire.test.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(
            "/bin/sh",
            "-c",
            "ulimit -n " + limit + "; exec \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Draddle.scheduler=" + System.getProperty("raddle.scheduler", "own"),
            "-cp",
            path == null ? System.getProperty("java.class.path") : path,
            Limited.class.getName());
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null && !line.startsWith("port ")) {
        line = out.readLine();
      }
      assertTrue(line != null, "the server did not start");
      int port = Integer.parseInt(line.substring("port ".length()));
      Path descriptors = Path.of("/proc/" + process.pid() + "/fd");
      long before = descriptors(descriptors);
      var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      serveAll(server, clients, () -> descriptors(descriptors) >= limit);
      while (descriptors(descriptors) > before + 10) {
        Thread.sleep(10); // ends by the time limit of the class
      }
      process.getOutputStream().close();
      for (line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    String log = String.join("\n", lines);
    assertTrue(log.contains("too many open files; retrying in 5ms"), log);
    assertTrue(lines.size() < 100, log); // a line each time that it backs off
  }

  private static void serveAll(InetSocketAddress server, int count, Callable<Boolean> outOfThem)
      throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(new RawClient(server).send("GET" + HOST + "\r\n"));
    }
    while (!outOfThem.call()) { // or a slow server might serve one after another
      Thread.sleep(10); // ends by the time limit of the class
    }
    for (RawClient client : clients) { // in the order in which they are accepted
      String answer = client.read(2);
      assertTrue(answer.endsWith("ok"), answer);
      client.close();
    }
  }
}
