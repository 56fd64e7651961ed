package dev.raddle.internal.timer;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * The timers of one P: a 4-ary heap by due instant, under a spin lock.
 *
 * Roles       Any thread adds, cancels and runs what is due; mostly the P's own M does.
 * Invariants  I1  heap[i].index == i and heap[i].heap == this, for i < size
 *             I2  next == heap[0].when, or NONE when empty; written under the lock
 * Ordering    R1  add: next store (volatile)  <->  an M that goes idle: publishes until when it
 *                 sleeps, then reads next again. One of the two sees the other (Sched.addTimer).
 * Moving      A drained timer belongs to MOVING until it is added again. It leaves its heap under that
 *             heap's lock, so remove(), under the same lock, never takes the place that the timer has
 *             in another heap for its own.
 * Firing      A due timer leaves the heap under the lock and fires after it: cancel() that
 *             returns true therefore means that it never fires.
 * Why not     Lazy deletion as in Go: with the index kept, a cancel removes at once, in
 *             O(log n), and there is no garbage to bound.
 * Checked by  TimerHeapTest; proof: KeeperOrder (R1), TimerCancel, TimerMove, TimerHeapModelTest.
 * Sources     Go runtime/time.go (4-ary heap per P).
 */
/** The timers of one P. */
public final class TimerHeap {
  /** {@link #next} of an empty heap. Instants are compared by subtraction, so check it first. */
  public static final long NONE = Long.MAX_VALUE;

  /** {@link #remove} of a timer that belongs to another heap by now. */
  static final int ELSEWHERE = -2;

  private static final VarHandle NEXT =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "next", VarHandle.class, TimerHeap.class, long.class);

  /** Where a timer is while it moves from heap to heap; holds nothing. */
  static final TimerHeap MOVING = new TimerHeap();

  private final SpinLock lock = new SpinLock();
  private @Nullable Timer[] heap = new Timer[16];
  private int size;

  @SuppressWarnings("FieldMayBeFinal") // written through NEXT
  private volatile long next = NONE;

  /** Due instant of the earliest timer, or {@link #NONE}. */
  public long next() {
    return next;
  }

  /** How many timers there are; an estimate unless nobody else runs. */
  public int size() {
    return size;
  }

  /** Adds a timer that is in no heap, or was drained from one. */
  public void add(Timer t) {
    lock.lock();
    try {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      t.heap = this;
      siftUp(size++, t);
      publish();
    } finally {
      lock.unlock();
    }
  }

  /** Returns where the timer was: a place in this heap, OUT or ELSEWHERE. */
  int remove(Timer t) {
    lock.lock();
    try {
      if (t.heap != this) {
        return ELSEWHERE;
      }
      int i = t.index;
      if (i >= 0) {
        take(i);
        publish();
      }
      return i;
    } finally {
      lock.unlock();
    }
  }

  /** Gives every timer to {@code heir}, which adds it to another heap. */
  public void drain(Consumer<Timer> heir) {
    for (Timer t; (t = takeLast()) != null; ) {
      heir.accept(t);
    }
  }

  private @Nullable Timer takeLast() {
    lock.lock();
    try {
      if (size == 0) {
        return null;
      }
      Timer last = at(size - 1);
      take(size - 1);
      last.heap = MOVING;
      publish();
      return last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Fires every timer that is due at {@code now}.
   *
   * @return how many fired
   */
  public int runDue(long now) {
    int fired = 0;
    for (long n = next; n != NONE && n - now <= 0; n = next) {
      Timer t = takeDue(now);
      if (t == null) {
        break;
      }
      fire(t);
      fired++;
    }
    return fired;
  }

  private static void fire(Timer t) {
    for (; ; ) {
      try {
        t.fire();
        return;
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      }
    }
  }

  private @Nullable Timer takeDue(long now) {
    lock.lock();
    try {
      Timer first = size == 0 ? null : heap[0];
      if (first == null || first.when - now > 0) {
        return null;
      }
      take(0);
      publish();
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void publish() {
    Timer first = size == 0 ? null : heap[0];
    long when = first == null ? NONE : first.when;
    NEXT.setVolatile(this, when);
  }

  private void take(int i) {
    at(i).index = Timer.OUT;
    Timer last = at(--size);
    heap[size] = null;
    if (i < size) {
      if (i > 0 && last.when - at((i - 1) >>> 2).when < 0) {
        siftUp(i, last);
      } else {
        siftDown(i, last);
      }
    }
  }

  private void siftUp(int i, Timer t) {
    while (i > 0) {
      int parent = (i - 1) >>> 2;
      Timer p = at(parent);
      if (t.when - p.when >= 0) {
        break;
      }
      put(i, p);
      i = parent;
    }
    put(i, t);
  }

  private void siftDown(int i, Timer t) {
    for (; ; ) {
      int first = (i << 2) + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      for (int c = first + 1; c < Math.min(first + 4, size); c++) {
        if (at(c).when - at(least).when < 0) {
          least = c;
        }
      }
      if (at(least).when - t.when >= 0) {
        break;
      }
      put(i, at(least));
      i = least;
    }
    put(i, t);
  }

  private void put(int i, Timer t) {
    heap[i] = t;
    t.index = i;
  }

  @SuppressWarnings("NullAway") // I1: every slot below size holds a timer
  private Timer at(int i) {
    return heap[i];
  }
}
