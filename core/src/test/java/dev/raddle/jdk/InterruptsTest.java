package dev.raddle.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.runtime.Scheduler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.function.Executable;

/** An interrupt ends every interruptible wait of the JDK, before it begins or while it lasts. */
class InterruptsTest {
  private static List<Executable> waits() {
    var monitor = new Object();
    var held = new ReentrantLock();
    held.lock();
    Chan<String> ch = Chan.make();
    return List.of(
        () -> Thread.sleep(On.LIMIT),
        () -> {
          synchronized (monitor) {
            while (true) {
              monitor.wait();
            }
          }
        },
        () -> {
          synchronized (monitor) {
            while (true) {
              monitor.wait(On.LIMIT.toMillis());
            }
          }
        },
        held::lockInterruptibly,
        () -> new LinkedBlockingQueue<String>().take(),
        () -> new CompletableFuture<String>().get(),
        () -> new CompletableFuture<String>().get(On.LIMIT_SECONDS, SECONDS),
        () -> new CountDownLatch(1).await(),
        ch::recv);
  }

  @OnEach
  void whileItLasts(On on) throws Exception {
    List<Executable> waits = waits();
    on.run(
        () ->
            On.all(
                waits.size(),
                i -> {
                  var waiter = new CompletableFuture<Thread>();
                  var end =
                      On.start(
                          Scheduler.current(),
                          () -> {
                            waiter.complete(Thread.currentThread());
                            assertThrows(InterruptedException.class, waits.get(i));
                            assertFalse(Thread.currentThread().isInterrupted());
                          });
                  Thread t = waiter.get(On.LIMIT_SECONDS, SECONDS);
                  if (i % 2 == 0) {
                    Thread.sleep(On.SHORT); // most park first; right in either case
                  }
                  t.interrupt();
                  On.await(end);
                }));
  }

  @OnEach
  void beforeItBegins(On on) throws Exception {
    List<Executable> waits = waits();
    on.run(
        () ->
            On.all(
                waits.size(),
                i -> {
                  Thread.currentThread().interrupt();
                  assertThrows(InterruptedException.class, waits.get(i));
                  assertFalse(Thread.interrupted());
                }));
  }

  @OnEach
  void parkReturnsWithTheStatusSet(On on) throws Exception {
    on.run(
        () -> {
          var parking = new CompletableFuture<Thread>();
          var end =
              On.start(
                  Scheduler.current(),
                  () -> {
                    parking.complete(Thread.currentThread());
                    while (!Thread.currentThread().isInterrupted()) {
                      LockSupport.park();
                    }
                    LockSupport.park(); // returns at once
                    assertTrue(Thread.interrupted());
                  });
          parking.get(On.LIMIT_SECONDS, SECONDS).interrupt();
          On.await(end);
        });
  }

  @OnEach
  void aMonitorIsEnteredInSpiteOfAnInterrupt(On on) throws Exception {
    var monitor = new Object();
    on.run(
        () -> {
          var entering = new CompletableFuture<Thread>();
          CompletableFuture<?> end;
          synchronized (monitor) {
            end =
                On.start(
                    Scheduler.current(),
                    () -> {
                      entering.complete(Thread.currentThread());
                      synchronized (monitor) {
                        assertTrue(Thread.interrupted());
                      }
                    });
            entering.get(On.LIMIT_SECONDS, SECONDS).interrupt();
            Thread.sleep(On.SHORT);
          }
          On.await(end);
        });
  }

  @OnEach
  void aSocketIsClosed(On on) throws Exception {
    on.run(
        () -> {
          try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
              var s = new Socket(server.getInetAddress(), server.getLocalPort())) {
            var reading = new CompletableFuture<Thread>();
            var end =
                On.start(
                    Scheduler.current(),
                    () -> {
                      reading.complete(Thread.currentThread());
                      var e = assertThrows(SocketException.class, () -> s.getInputStream().read());
                      assertEquals("Closed by interrupt", e.getMessage());
                      assertTrue(Thread.interrupted());
                    });
            reading.get(On.LIMIT_SECONDS, SECONDS).interrupt();
            On.await(end);
            assertTrue(s.isClosed());
          }
        });
  }
}
