package dev.raddle.net;

import static dev.raddle.net.ConnProtocolTest.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Go;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Connections that do nothing: they cost little, and each still works. */
@Timeout(180)
class IdleTest {
  private static final int COUNT = Integer.getInteger("raddle.idle.connections", 10_000);

  /** Of the Java heap, for a connection and the goroutine that waits for it. */
  private static final long MOST_BYTES = 6_000;

  @Test
  @EnabledOnOs(OS.LINUX)
  void thousandsOfIdleConnectionsCostLittle() throws Exception {
    try (Listener l = Pair.listen("tcp")) {
      AtomicInteger waiting = new AtomicInteger();
      CountDownLatch ended = new CountDownLatch(COUNT);
      Go.go(() -> endOf(() -> serve(l, waiting, ended)));
      long before = used();
      Process clients = clients(l);
      for (; waiting.get() < COUNT; Thread.yield()) {
        assertTrue(clients.isAlive(), "the clients are there");
      }
      long each = (used() - before) / COUNT;
      System.out.println("idle connection: " + each + " bytes of heap, goroutine included");
      assertTrue(each < MOST_BYTES, each + " bytes each");
      clients.outputWriter().append('x').close();
      assertEquals(0, clients.waitFor());
      ended.await();
    }
  }

  private static Process clients(Listener l) throws IOException {
    List<String> flags = new ArrayList<>(ChildTest.modeFlags());
    flags.add("-Didle.count=" + COUNT);
    flags.add("-Didle.address=" + l.addr());
    return new ProcessBuilder(ChildTest.java(flags, IdleProgram.class))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void serve(Listener l, AtomicInteger waiting, CountDownLatch ended)
      throws IOException {
    for (; ; ) {
      Conn conn = l.accept();
      Go.go(
          () -> {
            try (conn) {
              waiting.incrementAndGet();
              conn.awaitInput();
              ByteBuffer b = ByteBuffer.allocate(16);
              while (conn.read(b) >= 0) {
                conn.write(b.flip());
                b.clear();
              }
            } finally {
              ended.countDown();
            }
          });
    }
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
