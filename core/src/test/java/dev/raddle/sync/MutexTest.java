package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MutexTest {
  private int shared;

  private void hammer(Mutex m, int loops) {
    for (int i = 0; i < loops; i++) {
      if (i % 3 == 0 && m.tryLock()) {
        shared++;
        m.unlock();
        continue;
      }
      m.lock();
      shared++;
      if (i % 64 == 0) {
        Go.gosched(); // others come to wait
      }
      m.unlock();
    }
  }

  /** Follows TestMutex (sync/mutex_test.go): tryLock, then many that lock. */
  @Test
  void manyLockAndNoneIsLost() throws Exception {
    var m = new Mutex();
    assertTrue(m.tryLock());
    assertFalse(m.tryLock());
    m.unlock();
    assertTrue(m.tryLock());
    m.unlock();
    var wg = new WaitGroup();
    for (int i = 0; i < 16; i++) {
      wg.go(() -> hammer(m, 10_000));
    }
    wg.await();
    assertEquals(160_000, shared);
    assertFalse(m.isLocked());
    assertEquals("Mutex unlocked waiting=0", m.toString());
  }

  @Test
  void goroutinesVirtualAndPlatformThreadsShareOne() throws Exception {
    var m = new Mutex();
    var done = new CountDownLatch(6);
    Runnable work =
        () -> {
          hammer(m, 5_000);
          done.countDown();
        };
    for (int i = 0; i < 2; i++) {
      Go.go(work::run);
      Thread.ofVirtual().start(work);
      Thread.ofPlatform().daemon().start(work);
    }
    assertTrue(done.await(50, TimeUnit.SECONDS));
    assertEquals(30_000, shared);
  }

  /** Follows TestMutexMisuse (sync/mutex_test.go). */
  @Test
  void unlockOfAnUnlockedOneIsRefused() {
    var m = new Mutex();
    assertEquals(
        "sync: unlock of unlocked mutex",
        assertThrows(IllegalStateException.class, m::unlock).getMessage());
    m.lock();
    m.unlock();
    assertThrows(IllegalStateException.class, m::unlock);
    m.lock(); // it is as good as before
    m.unlock();
  }

  /** Follows TestMutexFairness (sync/mutex_test.go): one that waits for long is next. */
  @Test
  void whoHoldsItMostOfTheTimeDoesNotStarveAnother() throws Exception {
    var m = new Mutex();
    var stop = new AtomicBoolean();
    var wg = new WaitGroup();
    wg.go(
        () -> {
          while (!stop.get()) {
            m.lock();
            Go.sleep(Duration.ofNanos(100_000));
            m.unlock();
          }
        });
    Chan<Boolean> done = Chan.make(1);
    Go.go(
        () -> {
          for (int i = 0; i < 10; i++) {
            Go.sleep(Duration.ofNanos(100_000));
            m.lock();
            m.unlock();
          }
          done.send(true);
        });
    done.recv(); // or the test's deadline
    stop.set(true);
    wg.await();
  }

  /** Follows TestSemaphore (sync/mutex_test.go): a semaphore of one unit excludes, too. */
  @Test
  void aSemaphoreOfOneExcludes() throws Exception {
    var sem = new Semaphore(1);
    var wg = new WaitGroup();
    for (int i = 0; i < 10; i++) {
      wg.go(
          () -> {
            for (int k = 0; k < 1_000; k++) {
              sem.acquire(1);
              shared++;
              if (k % 64 == 0) {
                Go.gosched();
              }
              sem.release(1);
            }
          });
    }
    wg.await();
    assertEquals(10_000, shared);
  }

  /**
   * Follows TestSemaHandoff, ..1 and ..2 (runtime/sema_test.go): who hands the lock to one that has
   * waited for long lets it run first. Others keep the Ps busy, so that it does not run elsewhere.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  @DisabledIfSystemProperty(
      named = "raddle.scheduler",
      matches = "jdk",
      disabledReason = "schedulers of their own number of Ps")
  void aHandOffLetsTheWaiterRunFirst(int procs) throws Exception {
    int rounds = 60;
    var direct = new AtomicInteger();
    try (var s = Scheduler.builder().processors(procs).build()) {
      var wg = new WaitGroup();
      var stop = new AtomicBoolean();
      for (int i = 0; i < procs; i++) {
        wg.go(
            s,
            () -> {
              while (!stop.get()) {
                Go.gosched();
              }
            });
      }
      wg.go(
          s,
          () -> {
            for (int i = 0; i < rounds; i++) {
              direct.addAndGet(handOff() ? 1 : 0);
            }
            stop.set(true);
          });
      wg.await();
    }
    assertTrue(direct.get() >= rounds * 2 / 3, () -> direct + " of " + rounds);
  }

  private static boolean handOff() throws InterruptedException {
    var m = new Mutex();
    m.lock();
    var first = new AtomicInteger();
    var waiter = new WaitGroup();
    waiter.go(
        () -> {
          m.lock();
          first.compareAndSet(0, 1);
          m.unlock();
        });
    while (!m.toString().endsWith("waiting=1")) {
      Go.gosched();
    }
    long start = System.nanoTime();
    while (System.nanoTime() - start < 2_000_000) { // it has waited for long
      Go.gosched();
    }
    m.unlock();
    first.compareAndSet(0, 2);
    waiter.await();
    return first.get() == 1;
  }

  @Test
  void anInterruptIsKeptAndDoesNotEndTheWait() throws Exception {
    var m = new Mutex();
    m.lock();
    Chan<Boolean> kept = Chan.make(1);
    Chan<Thread> waiter = Chan.make(1);
    Go.go(
        () -> {
          waiter.send(Thread.currentThread());
          m.lock();
          boolean was = Thread.interrupted();
          m.unlock();
          kept.send(was);
        });
    Thread t = waiter.recv();
    while (!m.toString().endsWith("waiting=1")) {
      Thread.onSpinWait();
    }
    t.interrupt();
    m.unlock();
    assertTrue(kept.recv());
  }

  @Test
  void anotherMayUnlock() throws Exception {
    var m = new Mutex();
    m.lock();
    Go.go(m::unlock);
    m.lock();
    assertTrue(m.isLocked());
  }
}
