package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
