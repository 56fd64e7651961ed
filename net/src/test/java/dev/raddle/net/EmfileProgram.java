package dev.raddle.net;

import dev.raddle.Go;
import dev.raddle.sync.WaitGroup;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves more clients than it has descriptors: first to few, then, with some given back, all. */
public final class EmfileProgram {
  /** How many clients wait. */
  static final int CLIENTS = 10;

  private EmfileProgram() {}

  /** Says how many were served. */
  public static void main(String[] args) throws Exception {
    Listener listener = Net.listen("tcp", "127.0.0.1:0");
    serve(
        listener, dial(listener, 1), new ArrayDeque<>()); // every class is loaded: that needs files
    while (Boolean.getBoolean("emfile.ready") && !BackoffLog.isReady()) {
      Go.sleep(Duration.ofMillis(10));
    }
    Deque<Conn> clients = dial(listener, CLIENTS);
    serve(listener, clients, fill());
    IO.println("year " + LocalDate.now(ZoneId.systemDefault()).getYear());
    System.exit(0);
  }

  private static Deque<Conn> dial(Listener listener, int count) throws IOException {
    Deque<Conn> clients = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      clients.add(Net.dial("tcp", listener.addr().toString()));
    }
    return clients;
  }

  private static void serve(Listener listener, Deque<Conn> clients, Deque<FileInputStream> taken)
      throws IOException, InterruptedException {
    var accepting = new WaitGroup();
    AtomicInteger served = new AtomicInteger();
    accepting.go(
        () -> {
          while (served.get() < clients.size()) {
            Conn conn = listener.accept();
            conn.write(ByteBuffer.wrap(new byte[] {1}));
            served.incrementAndGet();
            conn.close();
          }
        });
    Go.sleep(Duration.ofMillis(200)); // without descriptors it backs off by now
    while (!taken.isEmpty()) {
      taken.pop().close();
    }
    for (Conn client : clients) {
      client.setReadDeadline(Duration.ofSeconds(30));
      client.read(ByteBuffer.allocate(1));
    }
    accepting.await();
    IO.println("served " + served.get());
  }

  private static Deque<FileInputStream> fill() {
    Deque<FileInputStream> all = new ArrayDeque<>();
    try {
      for (; ; ) {
        all.push(new FileInputStream("/dev/null"));
      }
    } catch (IOException full) {
      return all;
    }
  }
}
