package dev.raddle.internal.chan;

import dev.raddle.internal.sched.Waiter;
import org.jspecify.annotations.Nullable;

/*
 * A waiter's place in the queue of one channel. Of a plain send or receive it is also the wait itself;
 * the sudogs of a select share one SelectWait.
 *
 * Guarded     By the channel's lock until it is dequeued; after that by the hand-over through ready().
 * Plain       Whoever dequeues it, under the lock, owes it a ready().
 * In select   Whoever dequeues it must first win the SelectWait.
 */
final class Sudog extends Waiter {
  private final Hchan chan;
  private final boolean sends;

  /** Which case of a select; Go's limit of 65,536 cases. */
  final char index;

  final @Nullable SelectWait select;

  /** To send, or received; a receiver starts with what a closed channel gives it. */
  @Nullable Object elem;

  /** False when a close ended the wait. */
  boolean ok = true;

  private @Nullable Sudog prev;
  private @Nullable Sudog next;
  private boolean queued;

  /** Of a plain operation. */
  Sudog(Hchan chan, boolean sends, @Nullable Object elem) {
    this.chan = chan;
    this.sends = sends;
    this.elem = elem;
    index = 0;
    select = null;
  }

  /** Of one case of a select. */
  Sudog(Hchan chan, boolean sends, @Nullable Object elem, SelectWait select, int index) {
    super(select);
    this.chan = chan;
    this.sends = sends;
    this.elem = elem;
    this.select = select;
    this.index = (char) index;
  }

  boolean isOf(Hchan c) {
    return chan == c;
  }

  /** What to call ready() on. */
  Waiter waiter() {
    return select == null ? this : select;
  }

  @Override
  protected Object what() {
    return chan;
  }

  @Override
  protected boolean withdraw() {
    chan.lock();
    boolean was = leave();
    chan.unlock();
    chan.receiversChanged();
    return was;
  }

  /** Under the lock: leaves the queue; false when it was dequeued already. */
  boolean leave() {
    return (sends ? chan.senders : chan.receivers).remove(this);
  }

  /**
   * Of a wait that is decided, for other than its winner: leaves the queue. The read is racy: true
   * is looked at again under the lock, false was written by whoever took this out, and drops it.
   */
  void leaveAndForget() {
    if (queued) {
      chan.lock();
      leave();
      chan.unlock();
    }
    elem = null;
  }

  /** Of a dequeued one: makes {@code after} follow it in a list of the caller's. */
  void link(Sudog after) {
    next = after;
  }

  /**
   * Of such a list, or one of {@link Queue#takeAll}: the rest of it. Before ready(), which ends
   * this one.
   */
  @Nullable Sudog unlink() {
    Sudog rest = next;
    next = null;
    return rest;
  }

  /** A doubly linked FIFO of sudogs, so that the losers of a select leave in O(1). */
  static final class Queue {
    private @Nullable Sudog first;
    private @Nullable Sudog last;

    boolean isEmpty() {
      return first == null;
    }

    /** Counts. */
    int size() {
      int n = 0;
      for (Sudog s = first; s != null; s = s.next) {
        n++;
      }
      return n;
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

    /**
     * Every waiter, dequeued by a close, as a list: {@link #unlink} leads through it. Allocates
     * nothing, so that a full heap leaves no close half done.
     *
     * @param tail what follows it
     */
    @Nullable Sudog takeAll(@Nullable Sudog tail) {
      Sudog head = null;
      Sudog end = null;
      for (Sudog s; (s = take()) != null; end = s) {
        s.ok = false;
        if (end == null) {
          head = s;
        } else {
          end.next = s;
        }
      }
      if (end == null) {
        return tail;
      }
      end.next = tail;
      return head;
    }

    /** The oldest waiter, dequeued; the losers of a select are dropped on the way. */
    @Nullable Sudog take() {
      for (Sudog s = first; s != null; s = first) {
        Sudog after = s.next; // as remove(s), of the first
        first = after;
        if (after == null) {
          last = null;
        } else {
          after.prev = null;
          s.next = null;
        }
        s.queued = false;
        SelectWait w = s.select;
        if (w == null || w.win(s)) {
          return s;
        }
      }
      return null;
    }
  }
}
