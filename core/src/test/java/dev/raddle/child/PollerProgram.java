package dev.raddle.child;

import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The first sockets of this JVM are used on a scheduler that is then closed. */
final class PollerProgram {
  private PollerProgram() {}

  public static void main(String[] args) throws Exception {
    var isolated = Scheduler.builder().name("isolated").processors(1).build();
    Set<Object> of = ConcurrentHashMap.newKeySet();
    on(isolated, () -> of.add(schedulerOf(Thread.currentThread())));
    on(isolated, PollerProgram::talk);
    VirtualThreads.forEach(
        t -> {
          if (t.getName().startsWith("SubPoller")) {
            System.out.println("poller isolated " + of.contains(schedulerOf(t)));
          }
        });
    isolated.close();
    on(Scheduler.current(), PollerProgram::talk);
    System.out.println("talked");
    Scheduler.current().close();
    on(Scheduler.current(), PollerProgram::talk);
    System.out.println("talked again");
  }

  private interface Act {
    void run() throws Exception;
  }

  private static void on(Scheduler s, Act act) throws InterruptedException {
    var wg = new WaitGroup();
    wg.go(s, act::run);
    wg.await();
  }

  private static Object schedulerOf(Thread virtual) {
    try {
      Field f = virtual.getClass().getDeclaredField("scheduler");
      f.setAccessible(true);
      return f.get(virtual);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void talk() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var wg = new WaitGroup();
      wg.go(
          () -> {
            try (Socket s = server.accept()) {
              s.getOutputStream().write(s.getInputStream().read());
            }
          });
      try (var s = new Socket(server.getInetAddress(), server.getLocalPort())) {
        Thread.sleep(20); // the others park first, so that the poller has to wake them
        s.getOutputStream().write(7);
        if (s.getInputStream().read() != 7) {
          throw new IllegalStateException("expected the byte that was sent");
        }
      }
      wg.await();
    }
  }
}
