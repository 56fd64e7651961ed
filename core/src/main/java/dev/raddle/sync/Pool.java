package dev.raddle.sync;

import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.util.SpinLock;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Items in a shelf for each P, so that goroutines rarely meet; a P whose shelf is empty looks at the
 * others. Two generations: the first call after a garbage collection makes the present one the past
 * one, and drops the past one. So what nobody takes is gone after two collections.
 *
 * Guarded     A shelf by the lock that it is. The generations change under the pool's own lock.
 * Apart       Shelves of two Ps in one cache line cost five times as much: each is padded, and its array
 *             longer than a line.
 * Collections seen by a weak reference to an object that nobody else holds.
 * Sources     Go sync/pool.go, for the two generations.
 */
/**
 * Things that can be used again: Go's {@code sync.Pool}. What is put may be given to anyone, or
 * dropped after two garbage collections. Worth it for what is dear to make or large, such as
 * buffers; for small objects the JVM's allocation is cheaper than any pool. Any goroutine or thread
 * may use it. What happens before a {@link #put} happens-before the {@link #get} that takes it.
 *
 * @param <T> what is pooled
 * @see <a href="https://pkg.go.dev/sync#Pool">Go: sync.Pool</a>
 */
public final class Pool<T> {
  private static final int SHELVES =
      Integer.highestOneBit(Math.max(2, Runtime.getRuntime().availableProcessors() * 2 - 1)) * 2;

  private final Supplier<? extends T> make;
  private final SpinLock turning = new SpinLock();
  private volatile Shelf[] present = shelves();
  private volatile Shelf @Nullable [] past;
  private volatile WeakReference<Object> collected = new WeakReference<>(new Object());

  /**
   * Makes an empty pool.
   *
   * @param make makes one when none is there
   */
  public Pool(Supplier<? extends T> make) {
    this.make = Objects.requireNonNull(make, "Pool of nil func value");
  }

  private static class Shelf extends SpinLock {
    private @Nullable Object[] items = new Object[16];
    private int n;

    @Nullable Object take() {
      if (n == 0) { // a guess: what was put here by this P is seen
        return null;
      }
      lock();
      Object item = null;
      if (n > 0) {
        item = items[--n];
        items[n] = null;
      }
      unlock();
      return item;
    }

    void put(Object item) {
      lock();
      try {
        if (n == items.length) {
          items = Arrays.copyOf(items, 2 * n);
        }
        items[n++] = item;
      } finally {
        unlock();
      }
    }
  }

  /** See Apart: two lines, as processors fetch them in pairs. */
  @SuppressWarnings("UnusedVariable") // they only take up room
  private static final class PaddedShelf extends Shelf {
    long p0;
    long p1;
    long p2;
    long p3;
    long p4;
    long p5;
    long p6;
    long p7;
    long p8;
    long p9;
    long p10;
    long p11;
    long p12;
    long p13;
    long p14;
    long p15;
  }

  private static Shelf[] shelves() {
    var all = new Shelf[SHELVES];
    Arrays.setAll(all, i -> new PaddedShelf());
    return all;
  }

  /**
   * Takes one, or makes one.
   *
   * @return one that nobody else has
   */
  @SuppressWarnings("unchecked") // only T goes in
  public T get() {
    turn();
    int here = Sched.shard() & (SHELVES - 1);
    Object item = take(present, here);
    if (item == null) {
      Shelf[] old = past;
      item = old == null ? null : take(old, here);
    }
    return item == null ? make.get() : (T) item;
  }

  private static @Nullable Object take(Shelf[] shelves, int here) {
    for (int i = 0; i < SHELVES; i++) {
      Object item = shelves[(here + i) & (SHELVES - 1)].take();
      if (item != null) {
        return item;
      }
    }
    return null;
  }

  /**
   * Gives one back, for others. The caller must not use it any more.
   *
   * @param item null is ignored
   */
  public void put(@Nullable T item) {
    if (item != null) {
      turn();
      present[Sched.shard() & (SHELVES - 1)].put(item);
    }
  }

  private void turn() {
    if (collected.get() == null && turning.tryLock()) {
      try {
        if (collected.get() == null) {
          Shelf[] fresh = shelves();
          collected = new WeakReference<>(new Object());
          past = present;
          present = fresh;
        }
      } finally {
        turning.unlock();
      }
    }
  }
}
