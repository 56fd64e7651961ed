package dev.raddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Connections that wait for their next request: they cost little, and each still works. */
@Timeout(180)
class IdleTest {
  private static final int COUNT = Integer.getInteger("raddle.idle.connections", 10_000);
  private static final int WARM_UP =
      2_000; // so that what is counted runs compiled: frames are smaller then

  /** Of the Java heap, for a connection and its goroutine; Go's server takes 15 KB. */
  private static final long MOST_BYTES = 6 << 10;

  @Test
  @EnabledOnOs(OS.LINUX)
  void thousandsOfIdleConnectionsCostLittle() throws Exception {
    AtomicInteger idle = new AtomicInteger();
    CountDownLatch closed = new CountDownLatch(COUNT + WARM_UP);
    try (Server server =
        Server.builder()
            .addr("127.0.0.1:0")
            .handler((w, r) -> w.write("idle?"))
            .connState((conn, state) -> count(state, idle, closed))
            .build()) {
      server.start();
      Process first = clients(server, WARM_UP); // what is made once
      await(idle, WARM_UP, first);
      long before = used();
      Process clients = clients(server, COUNT);
      await(idle, WARM_UP + COUNT, clients);
      long each = (used() - before) / COUNT;
      System.out.println("idle HTTP connection: " + each + " bytes of heap, goroutine included");
      assertTrue(each < MOST_BYTES, each + " bytes each");
      for (Process p : List.of(first, clients)) {
        p.outputWriter().append('x').close();
        assertEquals(0, p.waitFor());
      }
      closed.await();
    }
  }

  private static void count(ConnState state, AtomicInteger idle, CountDownLatch closed) {
    if (state == ConnState.IDLE) {
      idle.incrementAndGet();
    } else if (state == ConnState.CLOSED) {
      closed.countDown();
    }
  }

  private static void await(AtomicInteger idle, int count, Process clients) {
    for (; idle.get() < count; Thread.yield()) {
      assertTrue(clients.isAlive(), "the clients are there");
    }
  }

  private static Process clients(Server server, int count) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Didle.port=" + server.address().getPort());
    command.add("-Didle.count=" + count);
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(List.of("-cp", path == null ? System.getProperty("java.class.path") : path));
    command.add(IdleProgram.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Runtime r = Runtime.getRuntime();
      least = Math.min(least, r.totalMemory() - r.freeMemory());
    }
    return least;
  }
}
