package dev.raddle.sync;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.internal.util.SpinLock;
import org.jspecify.annotations.Nullable;

/*
 * Those who wait for a lock, a condition or a group: a FIFO whose links are in the waiters, so that
 * nothing is allocated between a change of state and its wake-ups.
 *
 * Guarded     By the lock that it is. Nothing parks, readies or calls out under it.
 * Invariant   Whoever takes a waiter out owes it a ready(), after the unlock; a waiter that takes
 *             itself out gets none.
 */
/** A FIFO of waiters under a spin lock. */
final class WaitQueue extends SpinLock {
  private @Nullable Entry first;
  private @Nullable Entry last;
  private int size;

  /** A wait that an interrupt does not end. */
  static class Entry extends Waiter {
    private final Object of;
    private @Nullable Entry prev;
    private @Nullable Entry next;
    private boolean queued;

    /** Makes a wait for {@code of}. */
    Entry(Object of) {
      this.of = of;
    }

    @Override
    protected final Object what() {
      return of;
    }

    /** Who came next. Under the queue's lock. */
    final @Nullable Entry next() {
      return next;
    }

    @Override
    protected boolean withdraw() {
      return false;
    }

    /** Waits for ready(). The interrupt status is kept. */
    final void awaitFully(WaitReason reason) {
      try {
        await(reason);
      } catch (InterruptedException e) {
        throw new AssertionError("a wait that cannot be withdrawn was", e);
      }
    }
  }

  /** A wait that an interrupt ends, as long as the entry is in its queue. */
  static final class Interruptible extends Entry {
    private final WaitQueue queue;

    Interruptible(WaitQueue queue, Object of) {
      super(of);
      this.queue = queue;
    }

    @Override
    protected boolean withdraw() {
      return queue.lockAndRemove(this);
    }
  }

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  /** How many wait now. */
  int lockAndSize() {
    lock();
    int n = size;
    unlock();
    return n;
  }

  @Nullable Entry first() {
    return first;
  }

  void addLast(Entry e) {
    Entry l = last;
    e.prev = l;
    e.next = null;
    e.queued = true;
    if (l == null) {
      first = e;
    } else {
      l.next = e;
    }
    last = e;
    size++;
  }

  void addFirst(Entry e) {
    Entry f = first;
    e.prev = null;
    e.next = f;
    e.queued = true;
    if (f == null) {
      last = e;
    } else {
      f.prev = e;
    }
    first = e;
    size++;
  }

  boolean remove(Entry e) {
    if (!e.queued) {
      return false;
    }
    e.queued = false;
    Entry before = e.prev;
    Entry after = e.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.prev = before;
    }
    e.prev = null;
    e.next = null;
    size--;
    return true;
  }

  boolean lockAndRemove(Entry e) {
    lock();
    boolean was = remove(e);
    unlock();
    return was;
  }

  /** Takes all out, as a list that {@link #ready} takes. */
  @Nullable Entry takeAll() {
    Entry head = first;
    for (Entry e = head; e != null; e = e.next) {
      e.queued = false;
      e.prev = null;
    }
    first = null;
    last = null;
    size = 0;
    return head;
  }

  /** Readies a list of {@link #takeAll}, in order. Under no lock. */
  static void ready(@Nullable Entry list) {
    for (Entry e = list; e != null; ) {
      Entry rest = e.next;
      e.next = null;
      e.ready();
      e = rest;
    }
  }
}
