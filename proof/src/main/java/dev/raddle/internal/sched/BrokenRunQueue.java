package dev.raddle.internal.sched;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** {@link RunQueue} once more, with one thing wrong: the twins of its proofs. */
final class BrokenRunQueue {
  enum Fault {
    /**
     * R1 the wrong way round: the word says that a task is there before it is. This is what a plain
     * store could become; x86 keeps stores in order, so the twin spells it out.
     */
    WORD_BEFORE_SLOT,
    /** A removal does not advance the epoch. */
    NO_EPOCH,
    /** A store in place of the CAS of the word. */
    NO_CAS
  }

  private static final long EPOCH = 1L << 32;

  private final Fault fault;
  private final int mask;
  private final AtomicReferenceArray<@Nullable Runnable> slots;

  /** As in RunQueue, with wider fields: epoch:32 | head:16 | size:16. */
  private final AtomicLong word = new AtomicLong();

  BrokenRunQueue(Fault fault, int capacity) {
    this.fault = fault;
    slots = new AtomicReferenceArray<>(capacity);
    mask = capacity - 1;
  }

  private static int size(long w) {
    return (int) w & 0xffff;
  }

  private static int head(long w) {
    return (int) (w >>> 16) & 0xffff;
  }

  private boolean change(long from, long to) {
    if (fault == Fault.NO_CAS) {
      word.set(to);
      return true;
    }
    return word.compareAndSet(from, to);
  }

  private long afterTake(long w, int fromHead, int size) {
    long epoch = (w & -EPOCH) + (fault == Fault.NO_EPOCH ? 0 : EPOCH);
    return epoch | (long) ((head(w) + fromHead) & mask) << 16 | size;
  }

  boolean push(Runnable task) {
    while (true) {
      long w = word.get();
      if (size(w) > mask) {
        return false;
      }
      int tail = (head(w) + size(w)) & mask;
      if (fault != Fault.WORD_BEFORE_SLOT) {
        slots.setOpaque(tail, task);
      }
      if (change(w, w + 1)) {
        slots.setOpaque(tail, task);
        return true;
      }
    }
  }

  @Nullable Runnable pop() {
    while (true) {
      long w = word.get();
      if (size(w) == 0) {
        return null;
      }
      Runnable task = slots.get(head(w));
      if (change(w, afterTake(w, 1, size(w) - 1))) {
        slots.setOpaque(head(w), null);
        return task;
      }
    }
  }

  boolean popTail(Runnable task) {
    while (true) {
      long w = word.get();
      int last = (head(w) + size(w) - 1) & mask;
      if (size(w) == 0 || slots.get(last) != task) {
        return false;
      }
      if (change(w, afterTake(w, 0, size(w) - 1))) {
        slots.setOpaque(last, null);
        return true;
      }
    }
  }

  /** Thief: takes the older half; returns it, oldest first. */
  @Nullable Runnable[] steal() {
    while (true) {
      long w = word.get();
      var out = new Runnable[size(w) - size(w) / 2];
      for (int i = 0; i < out.length; i++) {
        out[i] = slots.getOpaque((head(w) + i) & mask);
      }
      if (out.length == 0 || change(w, afterTake(w, out.length, size(w) - out.length))) {
        return out;
      }
    }
  }
}
