package dev.raddle.net;

import static dev.raddle.net.ConnProtocolTest.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Many connections at once; races of close with everything; nothing is left behind. */
@Timeout(120)
class NetStressTest {
  /** Close against read, write, deadlines and another close: both end, always. */
  @Test
  void closeRacesWithEverything() throws Exception {
    for (int round = 0; round < 300; round++) {
      Pair p = Pair.of(round % 2 == 0 ? "tcp" : "unix");
      var done = new WaitGroup();
      done.go(() -> endOf(() -> readAll(p.here())));
      done.go(() -> endOf(() -> p.here().write(ByteBuffer.allocate(8 << 20))));
      done.go(() -> endOf(() -> p.here().setDeadline(Duration.ofMillis(1))));
      done.go(() -> endOf(() -> p.here().closeWrite()));
      if (round % 3 > 0) {
        Go.gosched();
      }
      done.go(() -> p.here().close());
      done.go(() -> p.here().close());
      if (round % 3 > 1) {
        done.go(() -> p.there().close());
      }
      done.await();
      p.close();
    }
  }

  private static void readAll(Conn conn) throws IOException {
    byte[] some = new byte[100];
    while (conn.read(some, 0, some.length) >= 0) {}
  }

  /** Echo over many connections, with pauses, deadlines and sizes at random: every byte returns. */
  @Test
  void everyByteOfManyConnectionsComesBack() throws Exception {
    int connections = 64;
    int rounds = 200;
    AtomicInteger served = new AtomicInteger();
    try (Listener l = Pair.listen("tcp")) {
      Go.go(() -> endOf(() -> serve(l)));
      var done = new WaitGroup();
      for (int c = 0; c < connections; c++) {
        done.go(
            () -> {
              try (Conn conn = Net.dial("tcp", l.addr().toString())) {
                for (int i = 0; i < rounds; i++) {
                  exchange(conn, i);
                }
                served.incrementAndGet();
              }
            });
      }
      done.await();
    }
    assertEquals(connections, served.get());
  }

  private static void serve(Listener l) throws IOException {
    for (; ; ) {
      Conn conn = l.accept();
      Go.go(
          () -> {
            try (conn) {
              conn.inputStream().transferTo(conn.outputStream());
            }
          });
    }
  }

  private static void exchange(Conn conn, int seed) throws IOException {
    var random = ThreadLocalRandom.current();
    byte[] sent = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 50)];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) (seed + i);
    }
    conn.write(sent, 0, sent.length);
    byte[] back = new byte[sent.length];
    for (int at = 0; at < back.length; ) {
      if (random.nextInt(10) == 0) {
        conn.setReadDeadline(Duration.ofNanos(random.nextInt(100_000)));
      }
      try {
        int n = conn.read(back, at, back.length - at);
        assertTrue(n > 0, "the stream ended early");
        at += n;
      } catch (NetException e) {
        assertTrue(e.isTimeout(), e.toString());
        conn.setReadDeadline(null);
      }
    }
    for (int i = 0; i < sent.length; i++) {
      assertEquals(sent[i], back[i]);
    }
  }

  /** Connects and drops: descriptors and goroutines are as many as before. */
  @Test
  void nothingIsLeftBehind() throws Exception {
    try (Listener l = Pair.listen("tcp")) {
      Go.go(() -> endOf(() -> serve(l)));
      drop(l, 10); // what is made once is there now
      long before = descriptors();
      drop(l, 500);
      for (int i = 0; descriptors() > before + 5; i++) {
        assertTrue(i < 1_000, "descriptors: " + before + " before, now " + descriptors());
        Go.sleep(Duration.ofMillis(10));
      }
    }
  }

  private static void drop(Listener l, int times) throws IOException, InterruptedException {
    var done = new WaitGroup();
    for (int i = 0; i < times; i++) {
      int how = i % 4;
      done.go(
          () -> {
            try (Conn c = Net.dial("tcp", l.addr().toString())) {
              if (how > 0) {
                c.write(new byte[how * 1000], 0, how * 1000);
              }
              if (how > 1) {
                c.closeWrite();
                c.inputStream().readAllBytes();
              }
            }
          });
    }
    done.await();
  }

  private static long descriptors() throws IOException {
    Path all = Path.of("/proc/self/fd");
    if (!Files.exists(all)) {
      return 0;
    }
    try (Stream<Path> open = Files.list(all)) {
      return open.count();
    }
  }

  /** A goroutine that never gives way does not keep others from their sockets. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "the JDK's scheduler does not hand off")
  void aHogDoesNotStopTheSockets() throws Exception {
    var stop = new AtomicBoolean();
    try (Pair p = Pair.of("tcp")) {
      int hogs = 2 * Runtime.getRuntime().availableProcessors();
      var done = new WaitGroup();
      for (int i = 0; i < hogs; i++) {
        done.go(
            () -> {
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            });
      }
      Go.go(() -> endOf(() -> p.there().inputStream().transferTo(p.there().outputStream())));
      Chan<Boolean> fine = Chan.make(1);
      Go.go(
          () -> {
            for (int i = 0; i < 20; i++) {
              p.here().write(new byte[] {1}, 0, 1);
              p.here().read(new byte[1], 0, 1);
            }
            fine.send(true);
          });
      assertTrue(fine.recv());
      stop.set(true);
      done.await();
    }
  }

  /** A socket outlives the scheduler on which it was opened. */
  @Test
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "isolated schedulers are Raddle's own")
  void aSocketOutlivesItsScheduler() throws Exception {
    for (int i = 0; i < 20; i++) {
      Chan<Pair> made = Chan.make(1);
      Scheduler isolated = Scheduler.builder().name("isolated").build();
      isolated.go(() -> made.send(Pair.of("tcp")));
      try (Pair p = made.recv()) {
        Chan<Integer> got = Chan.make(1);
        Go.go(() -> got.send(p.here().read(new byte[1], 0, 1)));
        isolated.close();
        p.there().write(new byte[1], 0, 1);
        assertEquals(1, got.recv());
      }
    }
  }

  /** Platform threads and goroutines of other schedulers may use any socket. */
  @Test
  void anyThreadMayUseASocket() throws Exception {
    try (Pair p = Pair.of("tcp")) {
      Thread echo =
          Thread.ofPlatform()
              .start(
                  () -> endOf(() -> p.there().inputStream().transferTo(p.there().outputStream())));
      for (int i = 0; i < 1_000; i++) {
        p.here().write(new byte[] {1}, 0, 1);
        assertEquals(1, p.here().read(new byte[1], 0, 1));
      }
      p.here().closeWrite();
      echo.join();
    }
  }
}
