package dev.raddle.internal.sched;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * Bounded run queue of one P and one priority class.
 *
 * Roles       The owner (the M that holds the P) pushes at the tail, takes from the head, and takes
 *             back from the tail what it pushed last (a job that its own joiner runs in place).
 *             Any M steals half from the head.
 * Shape       Ring of `capacity` slots; the live range is `size` slots from `head`. Both are fields
 *             of one word, with an epoch that every removal advances:
 *                 epoch:47 | head:8 | size:9
 * Invariants  I1  0 <= size <= capacity
 *             I2  a task is in exactly one place: live range, a taker's hand, or another queue
 *             I3  a slot is written by the owner only, and only outside the live range
 * Ordering    R1  push: slot store, word CAS  <->  steal: word load, slot load
 *             R2  steal: slot load, word CAS  <->  push or clear: word load, slot store
 * Linearized  at the CAS of the word, for every operation.
 * ABA         A thief copies slots and then commits by CAS. The slots it copied can change only
 *             after a removal, and each removal advances the epoch, so its CAS then fails.
 * Retention   The owner clears what it takes. A stolen slot keeps its reference until it is reused, as
 *             does one that a thief has filled in vain, or until the owner goes idle (forget): a
 *             goroutine that nobody can wake must be garbage.
 * Why not     Go's head and tail in two words: there the owner cannot take from the tail while a
 *             thief holds an old tail. A deque of its own for jobs: two mechanisms.
 * Checked by  RunQueueTest; proof: RunQueuePush (R1), RunQueueEpoch (R2), RunQueueTake,
 *             RunQueueModelTest.
 * Sources     Go proc.go runqput, runqgrab; tokio queue.rs (packed head).
 */
final class RunQueue {
  /** Go's value, and the most that the word can hold. */
  static final int CAPACITY = 256;

  private static final VarHandle WORD =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "word", VarHandle.class, RunQueue.class, long.class);
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(Runnable[].class);

  private static final int SIZE_BITS = 9;
  private static final int HEAD_BITS = 8;
  private static final long SIZE_MASK = (1L << SIZE_BITS) - 1;
  private static final int EPOCH_SHIFT = SIZE_BITS + HEAD_BITS;

  /** Owner: removals of its own; the epoch less these is how often a thief was here. */
  private long own;

  /** Owner: how often, when it last cleared what they left; -1: it has been a thief itself. */
  private long forgotten;

  private final @Nullable Runnable[] slots;
  private final int mask;

  @SuppressWarnings("FieldMayBeFinal") // written through WORD
  private volatile long word;

  static {
    rehearse();
  }

  /** As that of {@link SpinLock}. */
  private static void rehearse() {
    Runnable task = Thread.currentThread(); // any; nobody runs it
    var from = new RunQueue(4);
    var to = new RunQueue(4);
    for (int i = 0; i < 4; i++) {
      from.push(task);
    }
    from.stealInto(to);
    from.popTail(task);
    from.pop();
    to.takeAll();
  }

  RunQueue(int capacity) {
    if (capacity < 2 || capacity > CAPACITY || Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(
          "queue capacity: expected a power of two from 2 to " + CAPACITY + ", found " + capacity);
    }
    slots = new Runnable[capacity];
    mask = capacity - 1;
  }

  private static int size(long w) {
    return (int) (w & SIZE_MASK);
  }

  private static int head(long w) {
    return (int) (w >>> SIZE_BITS) & ((1 << HEAD_BITS) - 1);
  }

  private static long word(long epoch, int head, int size) {
    return epoch << EPOCH_SHIFT | (long) head << SIZE_BITS | size;
  }

  /** The word after {@code n} tasks left at the head. */
  private long afterTake(long w, int n) {
    return word((w >>> EPOCH_SHIFT) + 1, (head(w) + n) & mask, size(w) - n);
  }

  boolean isEmpty() {
    return size(word) == 0;
  }

  int size() {
    return size(word);
  }

  int capacity() {
    return mask + 1;
  }

  /** Owner: appends a task; false when full. */
  boolean push(Runnable task) {
    for (; ; ) {
      long w = word;
      if (size(w) > mask) {
        return false;
      }
      SLOTS.setOpaque(slots, (head(w) + size(w)) & mask, task); // I3
      if (WORD.compareAndSet(this, w, w + 1)) { // R1
        return true;
      }
    }
  }

  /** Owner: takes the oldest task. */
  @Nullable Runnable pop() {
    for (; ; ) {
      long w = word;
      if (size(w) == 0) {
        return null;
      }
      Runnable task = slots[head(w)];
      if (WORD.compareAndSet(this, w, afterTake(w, 1))) {
        slots[head(w)] = null; // R2
        own++;
        return task;
      }
    }
  }

  /** Owner: takes {@code task} back if it is the youngest. */
  boolean popTail(Runnable task) {
    for (; ; ) {
      long w = word;
      int last = (head(w) + size(w) - 1) & mask;
      if (size(w) == 0 || slots[last] != task) {
        return false;
      }
      if (WORD.compareAndSet(this, w, word((w >>> EPOCH_SHIFT) + 1, head(w), size(w) - 1))) {
        slots[last] = null; // R2
        own++;
        return true;
      }
    }
  }

  /** Owner of a full queue: takes the older half out, for the global queue; null when not full. */
  @Nullable Runnable @Nullable [] takeHalfIfFull() {
    for (long w = word; size(w) > mask; w = word) {
      @Nullable Runnable[] out = take(w, size(w) / 2);
      if (out != null) {
        return out;
      }
    }
    return null;
  }

  /** Thief: takes everything; null when there is nothing. */
  @Nullable Runnable @Nullable [] takeAll() {
    for (long w = word; size(w) > 0; w = word) {
      @Nullable Runnable[] out = take(w, size(w));
      if (out != null) {
        return out;
      }
    }
    return null;
  }

  /** Owner: clears the slots of what was stolen. */
  void forget() {
    long w = word;
    long thefts = (w >>> EPOCH_SHIFT) - own;
    if (thefts != forgotten) {
      forgotten = thefts;
      for (int i = size(w); i <= mask; i++) { // I3: the live range can only have shrunk since
        slots[(head(w) + i) & mask] = null; // R2
      }
    }
  }

  /** The {@code n} oldest tasks; null when somebody else was faster. */
  private @Nullable Runnable @Nullable [] take(long w, int n) {
    var out = tasks(n);
    copyHead(w, out);
    return WORD.compareAndSet(this, w, afterTake(w, n)) ? out : null; // R2
  }

  /**
   * Thief: moves half of the tasks (rounded up) to its own queue, or as many as there is room for.
   *
   * @param into owned by the thief
   * @return one of the stolen tasks, not in {@code into}; null when there was none
   */
  @Nullable Runnable stealInto(RunQueue into) {
    int room = into.mask + 1 - into.size();
    for (; ; ) {
      long w = word;
      int n = Math.min(size(w) - size(w) / 2, room + 1);
      if (n == 0) {
        return null;
      }
      Runnable first = (Runnable) SLOTS.getOpaque(slots, head(w));
      into.copyBehindTail(this, w, n - 1);
      if (WORD.compareAndSet(this, w, afterTake(w, n))) { // R2
        into.moveTail(n - 1);
        return first;
      }
    }
  }

  /** Owner: copies {@code n} tasks of {@code from}, after its head, into slots that are free. */
  private void copyBehindTail(RunQueue from, long w, int n) {
    long mine = word;
    int tail = head(mine) + size(mine); // thieves move the head, and not this
    forgotten = -1;
    for (int i = 0; i < n; i++) {
      Object task = SLOTS.getOpaque(from.slots, (head(w) + 1 + i) & from.mask);
      SLOTS.setOpaque(slots, (tail + i) & mask, (Runnable) task); // I3
    }
  }

  /** Owner: {@code n} slots at the tail are full now. */
  private void moveTail(int n) {
    for (boolean moved = n == 0; !moved; ) {
      long w = word;
      moved = WORD.compareAndSet(this, w, w + n); // R1
    }
  }

  private static @Nullable Runnable[] tasks(int n) {
    for (; ; ) {
      try {
        return new Runnable[n];
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      }
    }
  }

  private void copyHead(long w, @Nullable Runnable[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (Runnable) SLOTS.getOpaque(slots, (head(w) + i) & mask);
    }
  }
}
