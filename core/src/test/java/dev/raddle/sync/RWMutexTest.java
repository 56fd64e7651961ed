package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RWMutexTest {
  private static final int WRITER = 10_000;

  /** Follows TestParallelReaders (sync/rwmutex_test.go): they are inside at the same time. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 16})
  void readersAreInsideTogether(int readers) throws Exception {
    var m = new RWMutex();
    Chan<Boolean> inside = Chan.make();
    Chan<Boolean> leave = Chan.make();
    var wg = new WaitGroup();
    for (int i = 0; i < readers; i++) {
      wg.go(
          () -> {
            m.readLock();
            inside.send(true);
            leave.recv();
            m.readUnlock();
          });
    }
    for (int i = 0; i < readers; i++) {
      inside.recv();
    }
    assertFalse(m.tryLock());
    leave.close();
    wg.await();
    assertTrue(m.tryLock());
    m.unlock();
  }

  /** Follows TestRWMutex (sync/rwmutex_test.go): a writer is alone. */
  @ParameterizedTest
  @CsvSource({"1, 1000", "3, 1000", "10, 1000", "10, 5000"})
  void aWriterIsAlone(int readers, int loops) throws Exception {
    var m = new RWMutex();
    m.lock();
    assertFalse(m.tryLock());
    assertFalse(m.tryReadLock());
    m.unlock();
    assertTrue(m.tryLock());
    m.unlock();
    m.readLock();
    assertTrue(m.tryReadLock());
    assertFalse(m.tryLock());
    m.readUnlock();
    m.readUnlock();

    var activity = new AtomicInteger();
    var wg = new WaitGroup();
    wg.go(() -> write(m, activity, loops));
    for (int i = 0; i < readers; i++) {
      wg.go(() -> read(m, activity, loops));
      if (i == readers / 2) {
        wg.go(() -> write(m, activity, loops));
      }
    }
    wg.await();
    assertEquals("RWMutex unlocked waiting=0 Mutex unlocked waiting=0", m.toString());
  }

  private static void read(RWMutex m, AtomicInteger activity, int loops) {
    for (int i = 0; i < loops; i++) {
      m.readLock();
      int n = activity.incrementAndGet();
      if (n < 1 || n >= WRITER) {
        throw new AssertionError("a reader beside a writer: " + n);
      }
      if (i % 50 == 0) {
        Go.gosched();
      }
      activity.decrementAndGet();
      m.readUnlock();
    }
  }

  private static void write(RWMutex m, AtomicInteger activity, int loops) {
    for (int i = 0; i < loops; i++) {
      m.lock();
      int n = activity.addAndGet(WRITER);
      if (n != WRITER) {
        throw new AssertionError("a writer that is not alone: " + n);
      }
      if (i % 50 == 0) {
        Go.gosched();
      }
      activity.addAndGet(-WRITER);
      m.unlock();
    }
  }

  /**
   * Follows TestParallelRWMutexReaders (runtime/rwmutex_test.go): that lock is for threads, not for
   * goroutines; ours is for both.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void threadsAreInsideTogether(int readers) throws Exception {
    var m = new RWMutex();
    var inside = new CountDownLatch(readers);
    var leave = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    m.readLock();
                    inside.countDown();
                    try {
                      leave.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    m.readUnlock();
                  }));
    }
    assertTrue(inside.await(50, TimeUnit.SECONDS));
    assertFalse(m.tryLock());
    leave.countDown();
    for (Thread t : threads) {
      t.join();
    }
    assertTrue(m.tryLock());
    m.unlock();
  }

  /** Follows TestRWMutex (runtime/rwmutex_test.go): of threads and goroutines a writer is alone. */
  @Test
  void aWriterIsAloneAmongThreadsAndGoroutines() throws Exception {
    var m = new RWMutex();
    var activity = new AtomicInteger();
    var wrong = new AtomicInteger();
    var done = new CountDownLatch(6);
    for (int i = 0; i < 6; i++) {
      boolean writes = i % 3 == 0;
      Runnable work =
          () -> {
            try {
              if (writes) {
                write(m, activity, 1_000);
              } else {
                read(m, activity, 1_000);
              }
            } catch (AssertionError e) {
              wrong.incrementAndGet();
            }
            done.countDown();
          };
      if (i % 2 == 0) {
        Go.go(work::run);
      } else {
        Thread.ofPlatform().daemon().start(work);
      }
    }
    assertTrue(done.await(50, TimeUnit.SECONDS));
    assertEquals(0, wrong.get());
    assertEquals(0, activity.get());
  }

  @Test
  void aWaitingWriterKeepsNewReadersOut() throws Exception {
    var m = new RWMutex();
    m.readLock();
    Chan<String> order = Chan.make(2);
    Go.go(
        () -> {
          m.lock();
          order.send("writer");
          m.unlock();
        });
    while (m.tryReadLock()) {
      m.readUnlock(); // until the writer waits
    }
    Go.go(
        () -> {
          m.readLock();
          order.send("reader");
          m.readUnlock();
        });
    m.readUnlock();
    assertEquals("writer", order.recv());
    assertEquals("reader", order.recv());
  }

  /** Follows TestRLocker (sync/rwmutex_test.go). */
  @Test
  void theReadersSideIsALocker() throws Exception {
    var m = new RWMutex();
    Locker reads = m.readLocker();
    Chan<Boolean> writerIn = Chan.make(1);
    Chan<Boolean> readersIn = Chan.make(1);
    int n = 10;
    Go.go(
        () -> {
          for (int i = 0; i < n; i++) {
            reads.lock();
            reads.lock();
            readersIn.send(true);
            m.lock();
            writerIn.send(true);
          }
        });
    for (int i = 0; i < n; i++) {
      readersIn.recv();
      reads.unlock();
      assertEquals(null, writerIn.tryRecv());
      reads.unlock();
      writerIn.recv();
      assertFalse(m.tryReadLock());
      m.unlock();
    }
  }

  @Test
  void misuseIsRefusedInGosWords() {
    var m = new RWMutex();
    assertEquals(
        "sync: RUnlock of unlocked RWMutex",
        assertThrows(IllegalStateException.class, m::readUnlock).getMessage());
    assertEquals(
        "sync: Unlock of unlocked RWMutex",
        assertThrows(IllegalStateException.class, m::unlock).getMessage());
    m.readLock();
    assertThrows(IllegalStateException.class, m::unlock);
    m.readUnlock();
    m.lock();
    assertThrows(IllegalStateException.class, m::readUnlock);
    m.unlock();
  }
}
