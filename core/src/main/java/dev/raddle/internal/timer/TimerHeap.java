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
 * Layout      A timer keeps one slot for as long as it is here; what the heap orders are instants and
 *             numbers of slots. So sifting touches neither a timer, which is a cache miss for each,
 *             nor a reference, which costs a barrier of the collector for each.
 * Invariants  I1  for i < size: timers[slots[i]].index == slots[i], its heap == this, its when ==
 *                 whens[i], places[slots[i]] == i
 *             I2  slots is a permutation; from size on it holds the free ones
 *             I3  next == whens[0], or NONE when empty; written under the lock
 * Ordering    R1  add: next store (volatile)  <->  an M that goes idle: publishes until when it
 *                 sleeps, then reads next again. One of the two sees the other (Sched.addTimer).
 * Closed      A heap that nobody looks at takes no timers: who adds finds another. Under the lock, so
 *             that whoever closes and then drains it leaves none behind.
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
  private long[] whens = new long[16];
  private int[] slots = identity(new int[16], 0);
  private int[] places = new int[16];
  private @Nullable Timer[] timers = new Timer[16];
  private int size;
  private boolean closed;

  @SuppressWarnings("FieldMayBeFinal") // written through NEXT
  private volatile long next = NONE;

  /** Makes an empty heap, which takes timers. */
  public TimerHeap() {
    publish(); // as SpinLock.rehearse: linked now
  }

  /** Due instant of the earliest timer, or {@link #NONE}. */
  public long next() {
    return next;
  }

  /** How many timers there are; an estimate unless nobody else runs. */
  public int size() {
    return size;
  }

  /** From now on it takes no timers. */
  public void close() {
    closed(true);
  }

  /** Takes timers again. */
  public void open() {
    closed(false);
  }

  private void closed(boolean now) {
    lock.lock();
    closed = now;
    lock.unlock();
  }

  /**
   * Adds a timer that is in no heap, or was drained from one.
   *
   * @return false when this heap is closed; then nothing has changed
   */
  public boolean add(Timer t) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (size == timers.length) {
        grow();
      }
      int slot = slots[size];
      timers[slot] = t;
      t.index = slot;
      t.heap = this;
      siftUp(size++, t.when, slot);
      publish();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** All or nothing, should memory end. */
  private void grow() {
    int capacity = size * 2;
    long[] moreWhens = Arrays.copyOf(whens, capacity);
    int[] moreSlots = identity(Arrays.copyOf(slots, capacity), size);
    int[] morePlaces = Arrays.copyOf(places, capacity);
    timers = Arrays.copyOf(timers, capacity);
    whens = moreWhens;
    slots = moreSlots;
    places = morePlaces;
  }

  private static int[] identity(int[] slots, int from) {
    for (int i = from; i < slots.length; i++) {
      slots[i] = i;
    }
    return slots;
  }

  /** Returns where the timer was: a slot of this heap, OUT or ELSEWHERE. */
  int remove(Timer t) {
    lock.lock();
    try {
      if (t.heap != this) {
        return ELSEWHERE;
      }
      int slot = t.index;
      if (slot >= 0) {
        take(places[slot]);
        publish();
      }
      return slot;
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
      Timer last = take(size - 1);
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
      if (size == 0 || whens[0] - now > 0) {
        return null;
      }
      Timer first = take(0);
      publish();
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void publish() {
    long first = size == 0 ? NONE : whens[0];
    NEXT.setVolatile(this, first);
  }

  @SuppressWarnings("NullAway") // I1: every slot of a place below size holds a timer
  private Timer take(int i) {
    int slot = slots[i];
    Timer taken = timers[slot];
    timers[slot] = null;
    taken.index = Timer.OUT;
    int last = --size;
    long when = whens[last];
    int moved = slots[last];
    slots[last] = slot; // free
    if (i < last) {
      if (i > 0 && when - whens[(i - 1) >>> 2] < 0) {
        siftUp(i, when, moved);
      } else {
        siftDown(i, when, moved);
      }
    }
    return taken;
  }

  private void siftUp(int start, long when, int slot) {
    int i = start;
    while (i > 0) {
      int parent = (i - 1) >>> 2;
      if (when - whens[parent] >= 0) {
        break;
      }
      put(i, whens[parent], slots[parent]);
      i = parent;
    }
    put(i, when, slot);
  }

  private void siftDown(int start, long when, int slot) {
    int i = start;
    for (; ; ) {
      int first = (i << 2) + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      int end = Math.min(first + 4, size);
      for (int c = first + 1; c < end; c++) {
        if (whens[c] - whens[least] < 0) {
          least = c;
        }
      }
      if (whens[least] - when >= 0) {
        break;
      }
      put(i, whens[least], slots[least]);
      i = least;
    }
    put(i, when, slot);
  }

  private void put(int i, long when, int slot) {
    whens[i] = when;
    slots[i] = slot;
    places[slot] = i;
  }
}
