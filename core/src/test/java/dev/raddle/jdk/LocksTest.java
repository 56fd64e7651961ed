package dev.raddle.jdk;

import static dev.raddle.Go.gosched;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The locks of the JDK, contended by goroutines. */
class LocksTest {
  private static final int GOROUTINES = 20;
  private static final int ROUNDS = 200;

  /** A bounded queue, in one of the JDK's two ways. */
  private interface Bounded {
    void put(int value) throws InterruptedException;

    int take() throws InterruptedException;
  }

  private static final class Monitored implements Bounded {
    private final Queue<Integer> queue = new ArrayDeque<>();

    @Override
    public synchronized void put(int value) throws InterruptedException {
      while (queue.size() == 2) {
        wait();
      }
      queue.add(value);
      notifyAll();
    }

    @Override
    public synchronized int take() throws InterruptedException {
      while (queue.isEmpty()) {
        wait();
      }
      notifyAll();
      return queue.remove();
    }
  }

  private static final class Locked implements Bounded {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notFull = lock.newCondition();
    private final Condition notEmpty = lock.newCondition();
    private final Queue<Integer> queue = new ArrayDeque<>();

    @Override
    public void put(int value) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (queue.size() == 2) {
          notFull.await();
        }
        queue.add(value);
        notEmpty.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int take() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (queue.isEmpty()) {
          notEmpty.await();
        }
        notFull.signal();
        return queue.remove();
      } finally {
        lock.unlock();
      }
    }
  }

  private static void everythingArrives(On on, Bounded queue) throws Exception {
    on.run(
        () -> {
          var sums = new long[2 * GOROUTINES];
          On.all(
              2 * GOROUTINES,
              i -> {
                for (int r = 0; r < ROUNDS; r++) {
                  if (i < GOROUTINES) {
                    queue.put(r);
                    sums[i] += r;
                  } else {
                    sums[i] -= queue.take();
                  }
                }
              });
          long sum = 0;
          for (long s : sums) {
            sum += s;
          }
          assertEquals(0, sum);
        });
  }

  @OnEach
  void waitAndNotify(On on) throws Exception {
    everythingArrives(on, new Monitored());
  }

  @OnEach
  void reentrantLockAndCondition(On on) throws Exception {
    everythingArrives(on, new Locked());
  }

  @OnEach
  void blockingQueue(On on) throws Exception {
    BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
    everythingArrives(
        on,
        new Bounded() {
          @Override
          public void put(int value) throws InterruptedException {
            queue.put(value);
          }

          @Override
          public int take() throws InterruptedException {
            return queue.take();
          }
        });
  }

  @OnEach
  void synchronizedExcludesWhileTheOwnerIsParked(On on) throws Exception {
    var monitor = new Object();
    var count = new int[1];
    on.run(
        () ->
            On.all(
                GOROUTINES,
                i -> {
                  for (int r = 0; r < ROUNDS; r++) {
                    synchronized (monitor) {
                      int before = count[0];
                      if (r % 10 == 0) {
                        gosched(); // unmounts with the monitor held
                      }
                      synchronized (monitor) {
                        count[0] = before + 1;
                      }
                    }
                  }
                }));
    assertEquals(GOROUTINES * ROUNDS, count[0]);
  }

  @OnEach
  void readWriteLock(On on) throws Exception {
    var lock = new ReentrantReadWriteLock();
    var pair = new int[2];
    on.run(
        () ->
            On.all(
                GOROUTINES,
                i -> {
                  for (int r = 0; r < ROUNDS; r++) {
                    var side = i % 4 == 0 ? lock.writeLock() : lock.readLock();
                    side.lock();
                    try {
                      if (i % 4 == 0) {
                        pair[0]++;
                        gosched();
                        pair[1]++;
                      }
                      assertEquals(pair[0], pair[1]);
                    } finally {
                      side.unlock();
                    }
                  }
                }));
    assertEquals(GOROUTINES / 4 * ROUNDS, pair[0]);
  }

  @OnEach
  void latchBarrierPhaserAndSemaphore(On on) throws Exception {
    var latch = new CountDownLatch(GOROUTINES);
    var barrier = new CyclicBarrier(GOROUTINES);
    var phaser = new Phaser(GOROUTINES);
    var semaphore = new Semaphore(2);
    on.run(
        () ->
            On.all(
                GOROUTINES,
                i -> {
                  latch.countDown();
                  assertTrue(latch.await(On.LIMIT_SECONDS, TimeUnit.SECONDS));
                  for (int r = 0; r < 10; r++) {
                    barrier.await(On.LIMIT_SECONDS, TimeUnit.SECONDS);
                    assertEquals(r, phaser.arriveAndAwaitAdvance() - 1);
                    semaphore.acquire();
                    gosched();
                    semaphore.release();
                  }
                }));
    assertEquals(2, semaphore.availablePermits());
  }
}
