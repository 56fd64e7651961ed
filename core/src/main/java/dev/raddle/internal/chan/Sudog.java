package dev.raddle.internal.chan;

import org.jspecify.annotations.Nullable;

/**
 * One waiter's place in one channel queue. Guarded by the channel's lock until it is dequeued;
 * after that by the hand-over through {@link Wait#ready}.
 */
final class Sudog {
  final Wait wait;

  /** Which case of a select; 0 for a plain operation. */
  final int index;

  /** To send, or received. */
  @Nullable Object elem;

  @Nullable Sudog prev;
  @Nullable Sudog next;
  boolean queued;

  Sudog(Wait wait, int index, @Nullable Object elem) {
    this.wait = wait;
    this.index = index;
    this.elem = elem;
  }

  /** A doubly linked FIFO of sudogs, so that the losers of a select leave in O(1). */
  static final class Queue {
    private @Nullable Sudog first;
    private @Nullable Sudog last;

    boolean isEmpty() {
      return first == null;
    }

    void add(Sudog s) {
      Sudog l = last;
      s.prev = l;
      s.queued = true;
      if (l == null) {
        first = s;
      } else {
        l.next = s;
      }
      last = s;
    }

    boolean remove(Sudog s) {
      if (!s.queued) {
        return false;
      }
      s.queued = false;
      Sudog before = s.prev;
      Sudog after = s.next;
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
      s.prev = null;
      s.next = null;
      return true;
    }

    /** The oldest waiter that this call wins; waiters that something else ended are dropped. */
    @Nullable Sudog take() {
      for (Sudog s = first; s != null; s = first) {
        remove(s);
        if (s.wait.win(s)) {
          return s;
        }
      }
      return null;
    }
  }
}
