package dev.raddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.Go;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CondTest {
  private final Mutex m = new Mutex();
  private final Cond c = new Cond(m);

  /** Follows TestCondSignal (sync/cond_test.go): one signal wakes one. */
  @Test
  void aSignalWakesOne() throws Exception {
    int n = 10;
    Chan<Boolean> running = Chan.make(n);
    Chan<Boolean> awake = Chan.make(n);
    for (int i = 0; i < n; i++) {
      Go.go(
          () -> {
            m.lock();
            running.send(true);
            c.await();
            awake.send(true);
            m.unlock();
          });
    }
    for (int i = 0; i < n; i++) {
      running.recv();
    }
    for (int left = n; left > 0; left--) {
      assertNull(awake.tryRecv());
      m.lock();
      c.signal();
      m.unlock();
      awake.recv();
    }
    c.signal(); // nobody
    assertEquals("Cond waiting=0", c.toString());
  }

  /** Follows TestCondSignalGenerations (sync/cond_test.go): in the order in which they came. */
  @Test
  void theFirstToWaitIsTheFirstToWake() throws Exception {
    int n = 100;
    Chan<Boolean> running = Chan.make(n);
    Chan<Integer> awake = Chan.make(n);
    for (int i = 0; i < n; i++) {
      int me = i;
      Go.go(
          () -> {
            m.lock();
            running.send(true);
            c.await();
            awake.send(me);
            m.unlock();
          });
      if (i > 0) {
        assertEquals(i - 1, awake.recv());
      }
      running.recv();
      m.lock();
      c.signal();
      m.unlock();
    }
  }

  /** Follows TestCondBroadcast (sync/cond_test.go). */
  @Test
  void aBroadcastWakesAllAgainAndAgain() throws Exception {
    int n = 200;
    int rounds = 5;
    var awake = new AtomicInteger();
    var round = new AtomicInteger();
    var wg = new WaitGroup();
    Chan<Boolean> waiting = Chan.make(n);
    for (int i = 0; i < n; i++) {
      wg.go(
          () -> {
            for (int r = 1; r <= rounds; r++) {
              m.lock();
              waiting.send(true);
              while (round.get() < r) {
                c.await();
              }
              awake.incrementAndGet();
              m.unlock();
            }
          });
    }
    for (int r = 1; r <= rounds; r++) {
      for (int i = 0; i < n; i++) {
        waiting.recv();
      }
      m.lock();
      round.set(r);
      c.broadcast();
      m.unlock();
    }
    wg.await();
    assertEquals(n * rounds, awake.get());
  }

  /** Follows TestRace (sync/cond_test.go): what the locker guards is seen. */
  @Test
  void whatTheLockerGuardsIsSeen() throws Exception {
    int[] x = {0};
    var wg = new WaitGroup();
    wg.go(
        () -> {
          m.lock();
          x[0] = 1;
          c.await();
          assertEquals(2, x[0]);
          x[0] = 3;
          c.signal();
          m.unlock();
        });
    wg.go(
        () -> {
          m.lock();
          while (x[0] != 1) {
            m.unlock();
            Go.gosched();
            m.lock();
          }
          x[0] = 2;
          c.signal();
          while (x[0] != 3) {
            c.await();
          }
          m.unlock();
        });
    wg.await();
    assertEquals(3, x[0]);
  }

  /** Follows TestCondSignalStealing (sync/cond_test.go): who comes late takes no signal. */
  @Test
  void aSignalIsForThoseWhoWaitedThen() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      Chan<Boolean> first = Chan.make(1);
      Go.go(
          () -> {
            m.lock();
            first.send(true);
            c.await();
            m.unlock();
            first.close();
          });
      first.recv();
      m.lock();
      m.unlock(); // it waits
      var late = new boolean[1];
      Chan<Boolean> second = Chan.make(1);
      Go.go(c::broadcast);
      Go.go(
          () -> {
            m.lock();
            while (!late[0]) {
              c.await();
            }
            m.unlock();
            second.close();
          });
      first.receive();
      m.lock();
      late[0] = true;
      c.broadcast();
      m.unlock();
      second.receive();
    }
  }

  @Test
  void withoutTheLockerItDoesNotWait() {
    assertThrows(IllegalStateException.class, c::await);
    assertEquals("Cond waiting=0", c.toString());
  }

  @Test
  void anInterruptEndsTheWaitWithTheLockerHeld() throws Exception {
    Chan<Boolean> result = Chan.make(1);
    Chan<Thread> waiter = Chan.make(1);
    Go.go(
        () -> {
          m.lock();
          waiter.send(Thread.currentThread());
          try {
            c.await();
            result.send(false);
          } catch (InterruptedException e) {
            result.send(m.isLocked());
          }
          m.unlock();
        });
    Thread t = waiter.recv();
    m.lock();
    m.unlock();
    t.interrupt();
    assertTrue(result.recv());
    assertEquals("Cond waiting=0", c.toString());
  }
}
