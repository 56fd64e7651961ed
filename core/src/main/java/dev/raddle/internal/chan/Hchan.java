package dev.raddle.internal.chan;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A channel: Go's hchan.
 *
 * Guarded     All fields below by the lock. Nothing parks, unparks or calls out under it.
 * No lock     What does not wait and cannot go on is told so without the lock (recvBlocks, sendBlocks),
 *             as in Go: one read says that the channel is empty, or full, and a later one that it is
 *             not closed; it stays closed, so it was open at the first read. `count` and the ends of
 *             the queues take no value within a critical section that is not one of an instant.
 *             Order: full fence, read `count` or a queue's end, acquire, read `closed`. With the fence
 *             what this thread did before, to other channels too, is seen by all before it looks: of
 *             two that send, then look into each other's channel, one finds something (unlock is a
 *             mere release). close() writes `closed` (release) before it empties the queues.
 *             A closed channel that is then seen empty stays so: recvEnds, the other way round.
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

  private static final VarHandle CLOSED =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "closed", VarHandle.class, Hchan.class, boolean.class);

  private final @Nullable Object[] buffer;
  private int head;
  private int count;
  boolean closed;

  /** Why it was closed; does not change once `closed` is true. */
  private @Nullable Throwable cause;

  /** Closed after this one; made when somebody asks. */
  private @Nullable Hchan closing;

  static {
    rehearse();
  }

  private final @Nullable Consumer<@Nullable Object> undelivered;
  final Sudog.Queue receivers = new Sudog.Queue();
  final Sudog.Queue senders = new Sudog.Queue();

  /**
   * The JVM links a call when it is first made, and that fails if the heap is full just then: under
   * the lock, which would stay locked. So what close() calls there, where nothing catches, runs
   * once before, and with it the looks without a lock.
   */
  private static void rehearse() {
    var c = new Hchan(0);
    c.closing();
    if (c.sendBlocks() && c.recvBlocks() && !c.recvEnds()) {
      c.close(null);
    }
  }

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
      Sudog sender = senders.take();
      if (sender != null) {
        a.elem = shift(sender.elem); // it waited because the buffer is full, and so it stays
        sender.elem = null;
        a.wake = sender;
      } else {
        a.elem = buffer[head];
        buffer[head] = null;
        head = head + 1 == buffer.length ? 0 : head + 1;
        count--;
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

  /** Whether a send would go on, by a racy look: a hint for who will look again under the lock. */
  boolean sendLooksReady() {
    return count < buffer.length || !receivers.isEmpty() || closed;
  }

  /** As {@link #sendLooksReady}, of a receive. */
  boolean recvLooksReady() {
    return count > 0 || !senders.isEmpty() || closed;
  }

  /**
   * Whether a send had to wait at an instant of this call. False: it may go on, or fail; look under
   * the lock. No happens-before with anybody.
   */
  boolean sendBlocks() {
    if (sendLooksReady()) {
      return false; // without a fence: the lock decides
    }
    VarHandle.fullFence();
    boolean room = count < buffer.length || !receivers.isEmpty();
    VarHandle.acquireFence();
    return !room && !(boolean) CLOSED.getAcquire(this);
  }

  /** As {@link #sendBlocks}, of a receive. */
  boolean recvBlocks() {
    if (recvLooksReady()) {
      return false;
    }
    VarHandle.fullFence();
    boolean some = count > 0 || !senders.isEmpty();
    VarHandle.acquireFence();
    return !some && !(boolean) CLOSED.getAcquire(this);
  }

  /** Whether it is closed and drained: happens after the close. False: look under the lock. */
  private boolean recvEnds() {
    return (boolean) CLOSED.getAcquire(this) && count == 0;
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

  // The lock is held after these, and not if they fail: a full heap or stack must not leave it
  // behind.

  final Outcome lockAndSend(@Nullable Object elem, Attempt a) {
    lock();
    try {
      return sendLocked(elem, a);
    } catch (Throwable failure) {
      unlock();
      throw failure;
    }
  }

  final Outcome lockAndRecv(Attempt a) {
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
    if (sendBlocks()) {
      return Boolean.FALSE;
    }
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
   * @param into gets them, under no lock; if it fails, the hook gets those that it did not take
   * @return how many were received
   */
  public int drainTo(Collection<@Nullable Object> into, int max) {
    var a = new Attempt();
    @Nullable Object[] elems;
    Sudog wake = null;
    int n = 0;
    lock();
    try {
      elems = new Object[Math.min(max, availableLocked())]; // before anything is taken
      for (Sudog last = null; n < elems.length && recvLocked(a) == Outcome.DONE; n++) {
        elems[n] = a.elem;
        Sudog sender = a.wake;
        if (sender != null) {
          a.wake = null;
          if (last == null) {
            wake = sender;
          } else {
            last.link(sender);
          }
          last = sender;
        }
      }
    } catch (Throwable failure) {
      unlock();
      throw failure;
    }
    unlock();
    readyAll(wake);
    int given = 0;
    Throwable first = null;
    try {
      for (; given < n; given++) {
        into.add(elems[given]);
      }
    } catch (RuntimeException | Error failure) {
      first = failure;
    }
    for (; given < n; given++) {
      first = undelivered(elems[given], first);
    }
    rethrow(first);
    return n;
  }

  /** How many elements can be received now, or more. */
  int availableLocked() {
    return lengthLocked() + senders.size();
  }

  private static void readyAll(@Nullable Sudog list) {
    for (Sudog s = list; s != null; ) {
      Sudog rest = s.unlink();
      s.waiter().ready();
      s = rest;
    }
  }

  /** Receives without waiting. */
  public @Nullable Object tryRecv(@Nullable Object blocked, @Nullable Object closed) {
    if (recvEnds()) {
      return closed;
    }
    if (recvBlocks()) {
      return blocked;
    }
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
    cause = why;
    CLOSED.setRelease(this, true);
    VarHandle.storeStoreFence(); // before the queues are seen empty
    Hchan too = closing;
    Sudog wake = senders.takeAll(receivers.takeAll(null));
    unlock();
    readyAll(wake);
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
      first = undelivered(e, first);
    }
    rethrow(first);
  }

  /** As {@link #undelivered(Object)}. Returns the first failure, of this call or one before. */
  private @Nullable Throwable undelivered(@Nullable Object elem, @Nullable Throwable before) {
    try {
      undelivered(elem);
    } catch (RuntimeException | Error failure) {
      if (before == null) {
        return failure;
      }
      if (before != failure) {
        before.addSuppressed(failure);
      }
    }
    return before;
  }

  private static void rethrow(@Nullable Throwable first) {
    if (first instanceof Error e) { // no switch: the JVM links that, see rehearse
      throw e;
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first != null) {
      throw new AssertionError(first);
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
