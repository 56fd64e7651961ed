package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.internal.jdk.VirtualThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Which thread runs what: blocking calls, locked threads, threads that are no longer needed. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's threads")
class ThreadsTest {
  private interface Act<T> {
    T run() throws Exception;
  }

  private static ProcSched sched(int procs) {
    return new ProcSched(new SchedConfig("threads", procs, new int[0], 16, true));
  }

  private static <T> CompletableFuture<T> go(ProcSched s, Act<T> act) {
    var result = new CompletableFuture<T>();
    s.spawn(
        new G() {
          @Override
          protected void body() {
            try {
              result.complete(act.run());
            } catch (Throwable t) {
              result.completeExceptionally(t);
            }
          }
        });
    return result;
  }

  private static Thread carrier() {
    return Objects.requireNonNull(VirtualThreads.carrier(Thread.currentThread()));
  }

  private static long running(ProcSched s) {
    return Stream.of(s.procs.all()).filter(P::isRunning).count();
  }

  private static <T> T get(CompletableFuture<T> f) throws Exception {
    return f.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aBlockingCallHandsTheRightToRunOverAtOnce() throws Exception {
    ProcSched s = sched(1);
    var other = new CountDownLatch(1);
    var status =
        go(
            s,
            () -> {
              var unusedSecond =
                  go(
                      s,
                      () -> {
                        other.countDown();
                        return true;
                      });
              LockedThread.blockingBegins();
              int now = s.procs.all()[0].status();
              boolean ran = other.await(30, TimeUnit.SECONDS); // would park: spin instead
              LockedThread.blockingEnded();
              assertTrue(ran);
              return now;
            });
    assertEquals(P.DETACHED, get(status));
    s.close();
  }

  @Test
  void whoComesBackFromABlockingCallWaitsForItsTurn() throws Exception {
    ProcSched s = sched(1);
    var stop = new AtomicBoolean();
    var hogging = new AtomicBoolean();
    var hog =
        go(
            s,
            () -> {
              Go.sleep(java.time.Duration.ofMillis(1)); // lets the other one start first
              return true;
            });
    var back =
        go(
            s,
            () -> {
              var unusedSecond =
                  go(
                      s,
                      () -> {
                        hogging.set(true);
                        while (!stop.get()) {
                          Thread.onSpinWait();
                        }
                        hogging.set(false);
                        return true;
                      });
              LockedThread.blockingBegins();
              while (!hogging.get()) {
                Thread.onSpinWait();
              }
              new Thread(() -> stop.set(true)).start();
              LockedThread.blockingEnded();
              return running(s) <= 1;
            });
    assertTrue(get(back), "runs with a right to run");
    get(hog);
    s.close();
  }

  @Test
  void aLockedGoroutineStaysOnItsThreadThroughEveryWait() throws Exception {
    ProcSched s = sched(1);
    Chan<Integer> to = Chan.make();
    Chan<Integer> fro = Chan.make();
    var locked =
        go(
            s,
            () -> {
              Go.lockOSThread();
              Go.lockOSThread();
              Thread m = carrier();
              for (int i = 0; i < 500; i++) {
                assertEquals(i, to.recv());
                assertSame(m, carrier());
                fro.send(i);
                assertSame(m, carrier());
                Go.gosched();
                LockSupport.parkNanos(1000);
                assertSame(m, carrier());
                if (i == 250) {
                  Go.unlockOSThread();
                }
              }
              Go.unlockOSThread();
              Go.unlockOSThread(); // one too many is ignored
              return m;
            });
    var partner =
        go(
            s,
            () -> {
              for (int i = 0; i < 500; i++) {
                to.send(i);
                assertEquals(i, fro.recv());
              }
              return true;
            });
    get(locked);
    get(partner);
    s.close();
  }

  @Test
  void aThreadEndsWithTheGoroutineThatIsLockedToIt() throws Exception {
    ProcSched s = sched(1);
    var locked =
        go(
            s,
            () -> {
              Go.lockOSThread();
              return carrier();
            });
    get(locked).join();
    for (int i = 0; i < 100; i++) {
      assertNotSame(get(locked), get(go(s, ThreadsTest::carrier)));
    }
    assertTrue(s.threads.all().length <= 4, "indices are used again");
    s.close();
  }

  @Test
  void idleThreadsBeyondTheNumberOfProcessorsRetire() throws Exception {
    ProcSched s = sched(1);
    int blocked = 8;
    var all = new CountDownLatch(blocked);
    var release = new Object();
    var open = new AtomicBoolean();
    for (int i = 0; i < blocked; i++) {
      var unusedBlocker =
          go(
              s,
              () -> {
                Go.lockOSThread();
                all.countDown();
                synchronized (release) {
                  while (!open.get()) {
                    release.wait();
                  }
                }
                Go.unlockOSThread();
                return true;
              });
    }
    assertTrue(all.await(30, TimeUnit.SECONDS));
    assertTrue(s.threads.count() >= blocked, "each blocks a thread");
    synchronized (release) {
      open.set(true);
      release.notifyAll();
    }
    while (s.threads.count() > 3) { // ends by the time limit
      s.upkeep();
      Thread.onSpinWait();
    }
    assertEquals(7, get(go(s, () -> 7)));
    s.close();
  }

  @Test
  void theNumberOfProcessorsFollowsTheCpusUntilSomebodySetsIt() throws Exception {
    var cpus = new AtomicInteger(2);
    var s = new ProcSched(new SchedConfig("follows", 2, new int[0], 16, 0, 10, true, cpus::get));
    cpus.set(5);
    while (s.gomaxprocs(0) != 5) { // sysmon sees it; ends by the time limit
      Thread.onSpinWait();
    }
    cpus.set(1);
    s.upkeep();
    assertEquals(1, s.gomaxprocs(0));
    assertEquals(1, s.gomaxprocs(3));
    s.upkeep();
    assertEquals(3, s.gomaxprocs(0), "set by hand");
    cpus.set(4);
    s.defaultGomaxprocs();
    assertEquals(4, s.gomaxprocs(0));
    s.close();
  }

  @Test
  void withoutThreadsLeftGoroutinesWaitAndNothingIsLost() throws Exception {
    var s = new ProcSched(new SchedConfig("few", 2, new int[0], 16, 0, 3, true, null));
    var inside = new CountDownLatch(3);
    var end = new CountDownLatch(1);
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(
          go(
              s,
              () -> {
                LockedThread.blockingBegins();
                try {
                  onThread(inside, end);
                } finally {
                  LockedThread.blockingEnded();
                }
                return 1;
              }));
    }
    inside.await();
    for (int i = 0; i < 100; i++) {
      all.add(go(s, () -> 1));
    }
    assertEquals(3, s.threads.count());
    assertEquals(0, all.stream().filter(CompletableFuture::isDone).count());
    end.countDown();
    for (CompletableFuture<Integer> each : all) {
      assertEquals(1, get(each));
    }
    s.close();
  }

  /** Blocks the thread, not only the goroutine. */
  private static void onThread(CountDownLatch inside, CountDownLatch end) throws Exception {
    Go.lockOSThread();
    inside.countDown();
    end.await();
    Go.unlockOSThread();
  }
}
