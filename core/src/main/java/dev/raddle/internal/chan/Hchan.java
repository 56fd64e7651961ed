package dev.raddle.internal.chan;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.util.SpinLock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * A channel: Go's hchan.
 *
 * Guarded     All fields below by the lock. Nothing parks, unparks or calls out under it.
 * Invariants  I1  buffer not full  =>  no sender waits;  buffer not empty  =>  no receiver waits
 *             I2  closed  =>  nobody waits
 * Hand-over   A waiting counterpart gets or gives its element directly, in the critical section; a
 *             receive from a full buffer moves the first waiting sender's element to the tail.
 *             So values are FIFO and waiters are served FIFO, without barging.
 * Linearized  in the critical section; a wait linearizes where its counterpart dequeues it.
 * Why a lock  Select is atomic over all its channels, len and null are exact, and a loser leaves no
 *             garbage. The segment queue of Kotlin and Jox gives that up (docs/design).
 * Sources     Go runtime/chan.go.
 */
/** A channel's state and its operations. */
public sealed class Hchan extends SpinLock permits TimerChan {
  private static final AtomicLong IDS = new AtomicLong();

  /** Lock order of select. */
  final long id = IDS.incrementAndGet();

  private final @Nullable Object[] buffer;
  private int head;
  private int count;
  boolean closed;
  final Sudog.Queue receivers = new Sudog.Queue();
  final Sudog.Queue senders = new Sudog.Queue();

  /** Makes a channel with that many slots. */
  public Hchan(int capacity) {
    buffer = new Object[capacity];
  }

  /** The slots. */
  public int capacity() {
    return buffer.length;
  }

  /** How many elements are buffered now. */
  public int length() {
    lock();
    int n = count;
    unlock();
    return n;
  }

  /** What a locked attempt led to. */
  enum Outcome {
    /** Must wait. */
    BLOCKED,
    /** Done; an element went over. */
    DONE,
    /** The channel is closed: a receive got the zero value, a send must fail. */
    CLOSED
  }

  /** An attempt, and whom to ready after unlock. Escape analysis removes it. */
  static final class Attempt {
    @Nullable Object elem;
    @Nullable Sudog wake;

    void finish() {
      Sudog s = wake;
      if (s != null) {
        s.waiter().ready();
      }
    }
  }

  Outcome sendLocked(@Nullable Object elem, Attempt a) {
    if (closed) {
      return Outcome.CLOSED;
    }
    Sudog receiver = receivers.take();
    if (receiver != null) {
      receiver.elem = elem;
      a.wake = receiver;
      return Outcome.DONE;
    }
    if (count < buffer.length) {
      put(elem);
      return Outcome.DONE;
    }
    return Outcome.BLOCKED;
  }

  Outcome recvLocked(Attempt a) {
    if (count > 0) {
      a.elem = buffer[head];
      buffer[head] = null;
      head = head + 1 == buffer.length ? 0 : head + 1;
      count--;
      Sudog sender = senders.take();
      if (sender != null) {
        put(sender.elem);
        sender.elem = null;
        a.wake = sender;
      }
      return Outcome.DONE;
    }
    if (closed) {
      return Outcome.CLOSED;
    }
    Sudog sender = senders.take();
    if (sender != null) {
      a.elem = sender.elem;
      sender.elem = null;
      a.wake = sender;
      return Outcome.DONE;
    }
    Object due = dueLocked();
    if (due == null) {
      return Outcome.BLOCKED;
    }
    a.elem = due;
    return Outcome.DONE;
  }

  /** Called when a receive found nothing: the element that a timer has become due to give. */
  @Nullable Object dueLocked() {
    return null;
  }

  /** Called under no lock, after a receiver came to wait or left without an element. */
  void receiversChanged() {}

  private void put(@Nullable Object elem) {
    int tail = head + count;
    buffer[tail >= buffer.length ? tail - buffer.length : tail] = elem;
    count++;
  }

  // ---- plain operations ----

  /**
   * Sends, waiting if need be.
   *
   * @return false when the channel is closed
   */
  public boolean send(@Nullable Object elem) throws InterruptedException {
    var a = new Attempt();
    lock();
    Outcome o = sendLocked(elem, a);
    if (o != Outcome.BLOCKED) {
      unlock();
      a.finish();
      return o == Outcome.DONE;
    }
    var s = new Sudog(this, true, elem);
    senders.add(s);
    unlock();
    s.await(WaitReason.CHAN_SEND);
    return s.ok;
  }

  /**
   * Receives, waiting if need be.
   *
   * @param closed what to return when the channel is closed and drained
   */
  public @Nullable Object recv(@Nullable Object closed) throws InterruptedException {
    var a = new Attempt();
    lock();
    Outcome o = recvLocked(a);
    if (o != Outcome.BLOCKED) {
      unlock();
      a.finish();
      return o == Outcome.DONE ? a.elem : closed;
    }
    var s = new Sudog(this, false, closed);
    receivers.add(s);
    unlock();
    receiversChanged();
    s.await(WaitReason.CHAN_RECEIVE);
    return s.elem;
  }

  /** Sends without waiting: true when sent, false when it would wait; null when closed. */
  public @Nullable Boolean trySend(@Nullable Object elem) {
    var a = new Attempt();
    lock();
    Outcome o = sendLocked(elem, a);
    unlock();
    a.finish();
    return o == Outcome.CLOSED ? null : Boolean.valueOf(o == Outcome.DONE);
  }

  /** Receives without waiting. */
  public @Nullable Object tryRecv(@Nullable Object blocked, @Nullable Object closed) {
    var a = new Attempt();
    lock();
    Outcome o = recvLocked(a);
    unlock();
    a.finish();
    return switch (o) {
      case DONE -> a.elem;
      case CLOSED -> closed;
      case BLOCKED -> blocked;
    };
  }

  /**
   * Closes; every waiter is woken.
   *
   * @return false when it was closed already
   */
  public boolean close() {
    List<Sudog> wake = new ArrayList<>();
    lock();
    if (closed) {
      unlock();
      return false;
    }
    closed = true;
    for (Sudog s; (s = receivers.take()) != null; ) {
      s.ok = false;
      wake.add(s);
    }
    for (Sudog s; (s = senders.take()) != null; ) {
      s.ok = false;
      wake.add(s);
    }
    unlock();
    for (Sudog s : wake) {
      s.waiter().ready();
    }
    return true;
  }

  /** Whether it is closed; elements may still be buffered. */
  public boolean isClosed() {
    lock();
    boolean c = closed;
    unlock();
    return c;
  }

  @Override
  public String toString() {
    return "chan#" + id + " cap=" + buffer.length;
  }
}
