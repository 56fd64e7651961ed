package dev.raddle.sync;

import bench.jmh.InGoroutine;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What nobody else uses, beside the JDK's; each counts what it guards. */
@State(Scope.Thread)
public class SyncBench extends InGoroutine {
  private final Mutex mutex = new Mutex();
  private final ReentrantLock jdkLock = new ReentrantLock();
  private final RWMutex rwMutex = new RWMutex();
  private final ReentrantReadWriteLock jdkRwLock = new ReentrantReadWriteLock();
  private final Semaphore semaphore = new Semaphore(2);
  private final java.util.concurrent.Semaphore jdkSemaphore = new java.util.concurrent.Semaphore(2);
  private final WaitGroup group = new WaitGroup();
  private int guarded;

  /** {@link Mutex}. */
  @Benchmark
  public int mutex() {
    mutex.lock();
    try {
      return ++guarded;
    } finally {
      mutex.unlock();
    }
  }

  /** The JDK's lock. */
  @Benchmark
  public int mutexOfJdk() {
    jdkLock.lock();
    try {
      return ++guarded;
    } finally {
      jdkLock.unlock();
    }
  }

  /** {@link RWMutex}, to read. */
  @Benchmark
  public int read() {
    rwMutex.readLock();
    try {
      return guarded;
    } finally {
      rwMutex.readUnlock();
    }
  }

  /** The JDK's lock, to read. */
  @Benchmark
  public int readOfJdk() {
    jdkRwLock.readLock().lock();
    try {
      return guarded;
    } finally {
      jdkRwLock.readLock().unlock();
    }
  }

  /** {@link Semaphore}. */
  @Benchmark
  public int semaphore() throws InterruptedException {
    semaphore.acquire(1);
    try {
      return ++guarded;
    } finally {
      semaphore.release(1);
    }
  }

  /** The JDK's semaphore. */
  @Benchmark
  public int semaphoreOfJdk() throws InterruptedException {
    jdkSemaphore.acquire();
    try {
      return ++guarded;
    } finally {
      jdkSemaphore.release();
    }
  }

  /** {@link WaitGroup}, with a wait that need not wait. */
  @Benchmark
  public void waitGroup() throws InterruptedException {
    group.add(1);
    group.done();
    group.await();
  }
}
