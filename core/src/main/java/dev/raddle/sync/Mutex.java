package dev.raddle.sync;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.Classes;
import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.util.Clock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * A lock that prefers who is running, until somebody has waited for too long.
 *
 * State       HELD    somebody has the lock, or it has been promised to a waiter
 *             WOKEN   a waiter was readied to try for it; until it does, no other is readied
 *             QUEUED  the queue is not empty; changes under the queue's lock only
 * Invariants  I1  QUEUED is set only together with HELD being seen, in one CAS: so the unlock of
 *                 that holder cannot take the fast path, and finds the waiter
 *             I2  an unlock leaves HELD (hand-off), or WOKEN, or no waiter behind
 * Fairness    A readied waiter competes with newcomers and mostly loses: they run already. One that
 *             has lost goes back to the head of the queue; when it has waited for STARVING_NANOS, the
 *             next unlock gives it the lock without letting go of it.
 * Inheritance Once goroutines have classes, the mutex knows its owner. Who queues with a higher class
 *             lends it, under the queue's lock and while HELD is seen; so the unlock, which takes
 *             that lock after it, takes the loan back.
 * Ordering    R1  unlock: CAS or hand-off through ready()  <->  lock: CAS, or the end of the wait
 * Checked by  MutexTest; proof: MutexWake.
 * Sources     Go sync/mutex.go: its two modes, and the millisecond between them.
 */
/**
 * Mutual exclusion: Go's {@code sync.Mutex}. Not re-entrant, and owned by nobody: one goroutine may
 * lock it, another unlock it. What happens before an {@link #unlock} happens-before what follows
 * the next {@link #lock}.
 *
 * <p>A lock or unlock without contention is one CAS. Whoever has waited for a millisecond is next.
 * Goroutines, virtual threads and platform threads may use the same mutex; a goroutine parks and
 * leaves its P to others. Where the JDK's {@code ReentrantLock} serves, it may be used instead.
 *
 * @see <a href="https://pkg.go.dev/sync#Mutex">Go: sync.Mutex</a>
 */
public final class Mutex implements Locker {
  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(lookup(), "state", VarHandle.class, Mutex.class, int.class);

  private static final int HELD = 1;
  private static final int WOKEN = 2;
  private static final int QUEUED = 4;

  /** Go's value. */
  private static final long STARVING_NANOS = 1_000_000;

  @SuppressWarnings("FieldMayBeFinal") // written through STATE
  private volatile int state;

  private final WaitQueue queue = new WaitQueue();

  /** The goroutine that locked it; known only if {@link Classes#used}. */
  private volatile @Nullable G owner;

  /** The owner that runs in the class of a waiter. Guarded by the queue's lock. */
  private @Nullable G lent;

  /** Makes an unlocked mutex. */
  public Mutex() {}

  private static final class Contender extends WaitQueue.Entry {
    private final long since = Clock.nanoTime();

    /** Whether the lock came with ready(). */
    private boolean handed;

    private void renew() {
      again();
    }
  }

  @Override
  public void lock() {
    lock(WaitReason.MUTEX);
  }

  void lock(WaitReason reason) {
    boolean waited = !STATE.compareAndSet(this, 0, HELD);
    if (waited) {
      lockSlow(reason);
    }
    if (Classes.used()) {
      owner = Sched.currentG();
      if (waited) {
        borrow();
      }
    }
  }

  /** From those who were behind the caller. */
  private void borrow() {
    queue.lock();
    for (WaitQueue.Entry e = queue.first(); e != null; e = e.next()) {
      lend(e);
    }
    queue.unlock();
  }

  private void lockSlow(WaitReason reason) {
    if (tryLock()) {
      return;
    }
    var me = new Contender();
    boolean woken = false;
    while (!takeOrQueue(me, woken)) {
      me.awaitFully(reason);
      if (me.handed) {
        return;
      }
      me.renew();
      woken = true;
    }
  }

  private boolean takeOrQueue(Contender me, boolean woken) {
    queue.lock();
    for (; ; ) {
      int s = state;
      int next = woken ? s & ~WOKEN : s;
      if ((s & HELD) == 0) {
        if (STATE.compareAndSet(this, s, next | HELD)) {
          queue.unlock();
          return true;
        }
      } else if (STATE.compareAndSet(this, s, next | QUEUED)) { // I1
        break;
      }
    }
    if (woken) {
      queue.addFirst(me);
    } else {
      queue.addLast(me);
    }
    lend(me);
    queue.unlock();
    return false;
  }

  private void lend(WaitQueue.Entry me) {
    G holder = owner;
    G waiter = me.goroutine();
    if (holder != null && waiter != null && (lent == null || lent == holder)) {
      if (lent == null && Classes.inherit(holder, waiter)) {
        lent = holder;
      } else if (lent != null) {
        Classes.raise(holder, waiter);
      }
    }
  }

  private void takeBack() {
    queue.lock();
    G borrower = lent;
    lent = null;
    queue.unlock();
    if (borrower != null) {
      Classes.restore(borrower);
    }
  }

  /**
   * Takes the lock if it is free.
   *
   * @return whether it was
   */
  public boolean tryLock() {
    for (; ; ) {
      int s = state;
      if ((s & HELD) != 0) {
        return false;
      }
      if (STATE.compareAndSet(this, s, s | HELD)) {
        if (Classes.used()) {
          owner = Sched.currentG();
        }
        return true;
      }
    }
  }

  /**
   * Whether somebody has the lock now. For assertions and reports.
   *
   * @return whether it is locked
   */
  public boolean isLocked() {
    return (state & HELD) != 0;
  }

  @Override
  public void unlock() {
    boolean owned = owner != null;
    if (owned) {
      owner = null;
    }
    if (!STATE.compareAndSet(this, HELD, 0)) {
      unlockSlow();
      if (owned) {
        takeBack();
      }
    }
  }

  private void unlockSlow() {
    for (int s = state; ; s = state) {
      if ((s & HELD) == 0) {
        throw new IllegalStateException("sync: unlock of unlocked mutex");
      }
      boolean wakesOne = (s & QUEUED) != 0 && (s & WOKEN) == 0;
      if (wakesOne) {
        wake();
        return;
      }
      if (STATE.compareAndSet(this, s, s & ~HELD)) {
        return;
      }
    }
  }

  private void wake() {
    queue.lock();
    var first = (Contender) queue.first();
    if (first == null) {
      queue.unlock();
      throw new IllegalStateException("sync: unlock of unlocked mutex"); // by another, meanwhile
    }
    queue.remove(first);
    boolean handOff = Clock.nanoTime() - first.since > STARVING_NANOS;
    for (; ; ) {
      int s = state;
      int next = queue.isEmpty() ? s & ~QUEUED : s;
      next = handOff ? next : (next & ~HELD) | WOKEN; // I2
      if (STATE.compareAndSet(this, s, next)) {
        break;
      }
    }
    first.handed = handOff;
    queue.unlock();
    first.ready();
  }

  @Override
  public String toString() {
    return "Mutex " + (isLocked() ? "locked" : "unlocked") + " waiting=" + queue.lockAndSize();
  }
}
