package dev.raddle.internal.chan;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.util.SpinLock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
 * Kinds       A subclass decides in fullLocked what becomes of an element for which there is no slot.
 * Why a lock  Select is atomic over all its channels, len and null are exact, and a loser leaves no
 *             garbage. The segment queue of Kotlin and Jox gives that up (docs/design).
 * Sources     Go runtime/chan.go.
 */
/** A channel's state and its operations. */
public sealed class Hchan extends SpinLock permits TimerChan, Dropping, Unbounded {
  private static final AtomicLong IDS = new AtomicLong();

  /** Lock order of select. */
  final long id = IDS.incrementAndGet();

  private final @Nullable Object[] buffer;
  private int head;
  private int count;
  boolean closed;

  /** Why it was closed; does not change once `closed` is true. */
  private @Nullable Throwable cause;

  /** Closed after this one; made when somebody asks. */
  private @Nullable Hchan closing;

  private final @Nullable Consumer<@Nullable Object> undelivered;
  final Sudog.Queue receivers = new Sudog.Queue();
  final Sudog.Queue senders = new Sudog.Queue();

  /** Makes a channel with that many slots. */
  public Hchan(int capacity) {
    this(capacity, null);
  }

  /**
   * Makes a channel with that many slots.
   *
   * @param undelivered called, under no lock, with each element that was sent and that nobody gets
   */
  public Hchan(int capacity, @Nullable Consumer<@Nullable Object> undelivered) {
    buffer = new Object[capacity];
    this.undelivered = undelivered;
  }

  /** The slots. */
  public int capacity() {
    return buffer.length;
  }

  /** How many elements are buffered now. */
  public int length() {
    lock();
    int n = lengthLocked();
    unlock();
    return n;
  }

  int lengthLocked() {
    return count;
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

  /** An attempt, and what to do after unlock. Escape analysis removes it, or a select keeps it. */
  static final class Attempt {
    @Nullable Object elem;
    @Nullable Sudog wake;

    /** What a full channel dropped, and which channel. */
    @Nullable Object dropped;

    @Nullable Hchan dropper;

    void finish() {
      Sudog s = wake;
      if (s != null) {
        wake = null;
        s.waiter().ready();
      }
      Hchan d = dropper;
      if (d != null) {
        Object elem = dropped;
        dropper = null;
        dropped = null;
        d.undelivered(elem);
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
    return fullLocked(elem, a);
  }

  /** Called when a send found no receiver and no slot. */
  Outcome fullLocked(@Nullable Object elem, Attempt a) {
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

  /** Puts an element into a free slot. */
  final void put(@Nullable Object elem) {
    int tail = head + count;
    buffer[tail >= buffer.length ? tail - buffer.length : tail] = elem;
    count++;
  }

  /** Puts an element into the full buffer. Returns the oldest, which had to leave. */
  final @Nullable Object shift(@Nullable Object elem) {
    Object oldest = buffer[head];
    buffer[head] = elem;
    head = head + 1 == buffer.length ? 0 : head + 1;
    return oldest;
  }

  // ---- plain operations ----

  /**
   * Sends, waiting if need be.
   *
   * @return false when the channel is closed
   */
  public boolean send(@Nullable Object elem) throws InterruptedException {
    var a = new Attempt();
    Outcome o = lockAndSend(elem, a);
    if (o != Outcome.BLOCKED) {
      unlock();
      a.finish();
      return o == Outcome.DONE;
    }
    Sudog s = newSudog(true, elem);
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
    Outcome o = lockAndRecv(a);
    if (o != Outcome.BLOCKED) {
      unlock();
      a.finish();
      return o == Outcome.DONE ? a.elem : closed;
    }
    Sudog s = newSudog(false, closed);
    receivers.add(s);
    unlock();
    receiversChanged();
    s.await(WaitReason.CHAN_RECEIVE);
    return s.elem;
  }

  // A full heap or stack must not leave the lock behind.

  private Outcome lockAndSend(@Nullable Object elem, Attempt a) {
    lock();
    try {
      return sendLocked(elem, a);
    } catch (Throwable failure) {
      unlock();
      throw failure;
    }
  }

  private Outcome lockAndRecv(Attempt a) {
    lock();
    try {
      return recvLocked(a);
    } catch (Throwable failure) {
      unlock();
      throw failure;
    }
  }

  private Sudog newSudog(boolean sends, @Nullable Object elem) {
    try {
      return new Sudog(this, sends, elem);
    } catch (Throwable failure) {
      unlock();
      throw failure;
    }
  }

  /** Sends without waiting: true when sent, false when it would wait; null when closed. */
  public @Nullable Boolean trySend(@Nullable Object elem) {
    var a = new Attempt();
    Outcome o = lockAndSend(elem, a);
    unlock();
    a.finish();
    return o == Outcome.CLOSED ? null : Boolean.valueOf(o == Outcome.DONE);
  }

  /**
   * Receives what is there, at most {@code max} elements, without waiting and in one critical
   * section.
   *
   * @return an array with as many elements as were there, possibly none
   */
  public @Nullable Object[] tryRecvAll(int max) {
    int room = Math.min(max, length() + senders());
    var attempts = new Attempt[room];
    for (int i = 0; i < room; i++) {
      attempts[i] = new Attempt();
    }
    @Nullable Object[] elems = new Object[room];
    int n = 0;
    lock();
    while (n < room && recvLocked(attempts[n]) == Outcome.DONE) {
      n++;
    }
    unlock();
    for (int i = 0; i < n; i++) {
      elems[i] = attempts[i].elem;
      attempts[i].finish();
    }
    return n == room ? elems : Arrays.copyOf(elems, n);
  }

  private int senders() {
    lock();
    int n = senders.size();
    unlock();
    return n;
  }

  /** Receives without waiting. */
  public @Nullable Object tryRecv(@Nullable Object blocked, @Nullable Object closed) {
    var a = new Attempt();
    Outcome o = lockAndRecv(a);
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
   * @param why for receivers and senders; null for none
   * @return false when it was closed already
   */
  public boolean close(@Nullable Throwable why) {
    lock();
    if (closed) {
      unlock();
      return false;
    }
    closed = true;
    cause = why;
    Hchan too = closing;
    Sudog wake = senders.takeAll(receivers.takeAll(null));
    unlock();
    while (wake != null) {
      Sudog s = wake;
      wake = s.unlink();
      s.waiter().ready();
    }
    if (too != null) {
      too.close(null);
    }
    return true;
  }

  /** Why it was closed. For those who have seen that it is: by an outcome, or as woken waiters. */
  public @Nullable Throwable cause() {
    return cause;
  }

  /** A channel that is closed after this one. Nothing else happens on it. */
  public Hchan closing() {
    var fresh = new Hchan(0);
    lock();
    Hchan c = closing;
    if (c == null) {
      c = fresh;
      closing = c;
    }
    boolean now = closed;
    unlock();
    if (now) {
      c.close(null);
    }
    return c;
  }

  // ---- elements that nobody gets ----

  /** Gives an element to the hook. Under no lock: the hook is the user's. */
  public void undelivered(@Nullable Object elem) {
    Consumer<@Nullable Object> hook = undelivered;
    if (hook != null) {
      hook.accept(elem);
    }
  }

  /**
   * Closes, if it is open, and gives what is buffered to the hook.
   *
   * @throws RuntimeException or an error: the first of the hook, after all elements were given
   */
  public void discard(@Nullable Throwable why) {
    close(why);
    Throwable first = null;
    for (Object e; (e = tryRecv(this, this)) != this; ) {
      try {
        undelivered(e);
      } catch (RuntimeException | Error failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    switch (first) {
      case null -> {}
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new AssertionError(first);
    }
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
