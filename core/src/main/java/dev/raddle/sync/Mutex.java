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
 *             I3  whoever has a loan is the owner, and QUEUED is set: its unlock takes the queue's lock
 * Fairness    A readied waiter competes with newcomers and mostly loses: they run already. One that
 *             has lost goes back to the head of the queue; when it has waited for STARVING_NANOS, the
 *             next unlock gives it the lock without letting go of it, and yields, as Go's does: else
 *             all who lock meanwhile queue up behind a lock that nobody uses.
 * Inheritance Once goroutines have classes, the mutex knows its owner. Who queues with a higher class
 *             lends it, under the queue's lock, to the owner that it sees; the owner's unlock takes
 *             the loan back under that lock, before the mutex has another owner. An owner by hand-off
 *             gets its loan from those still behind it before it is readied: it may be queued in a
 *             class that does not run. A waiter that was only woken has no lock, and gets none.
 *             One who waits lends to one holder; that one does not pass it on.
 * Ordering    R1  unlock: CAS or hand-off through ready()  <->  lock: CAS, or the end of the wait
 *             R2  lock: owner store, state load  <->  a waiter: QUEUED by CAS, owner load. One of the
 *                 two sees the other, and lends; both may
 *             R3  unlock: owner store (null), state CAS  <->  a waiter, as in R2: if it has seen the
 *                 owner, the CAS sees QUEUED
 * Checked by  MutexTest, MutexClassTest (R2, R3, the loan of a hand-off); proof: MutexWake,
 *             MutexOwner (R2).
 * Sources     Go sync/mutex.go: its two modes, and the millisecond between them.
 */
/**
 * Mutual exclusion: Go's {@code sync.Mutex}. Not re-entrant, and owned by nobody: one goroutine may
 * lock it, another unlock it. What happens before an {@link #unlock} happens-before what follows
 * the next {@link #lock}.
 *
 * <p>A lock or unlock without contention is one CAS. Whoever has waited for a millisecond is next:
 * an unlock then lets it run first. Goroutines, virtual threads and platform threads may use the
 * same mutex; a goroutine parks and leaves its P to others. Where the JDK's {@code ReentrantLock}
 * serves, it may be used instead.
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

    Contender(Mutex of) {
      super(of);
    }

    private void renew() {
      again();
    }
  }

  @Override
  public void lock() {
    lock(WaitReason.MUTEX);
  }

  void lock(WaitReason reason) {
    if (!STATE.compareAndSet(this, 0, HELD)) {
      lockSlow(reason);
    }
    if (Classes.used()) {
      owned();
    }
  }

  /** The caller has locked it. */
  void owned() {
    owner = Sched.currentG();
    if ((state & QUEUED) != 0) { // R2
      borrow();
    }
  }

  /** From those who are behind the caller. */
  private void borrow() {
    queue.lock();
    lendAll();
    queue.unlock();
  }

  private void lendAll() {
    for (WaitQueue.Entry e = queue.first(); e != null; e = e.next()) {
      lend(e);
    }
  }

  private void lockSlow(WaitReason reason) {
    if (tryLock()) {
      return;
    }
    var me = new Contender(this);
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
    if (holder == null || waiter == null) {
      return;
    }
    if (lent != null) {
      Classes.raise(lent, waiter); // I3
    } else if (Classes.inherit(holder, waiter)) {
      lent = holder;
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
          owned();
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
      owner = null; // R3
    }
    if (!STATE.compareAndSet(this, HELD, 0)) {
      if (unlockSlow(owned)) {
        Sched.current().gosched(); // the waiter is next here
      }
    }
  }

  /** Returns whether the lock is now that of a waiter. */
  private boolean unlockSlow(boolean owned) {
    for (int s = state; ; s = state) {
      if ((s & HELD) == 0) {
        throw new IllegalStateException("sync: unlock of unlocked mutex");
      }
      if ((s & QUEUED) != 0 && (owned || (s & WOKEN) == 0)) {
        return unlockQueued();
      }
      if (STATE.compareAndSet(this, s, s & ~HELD)) {
        return false;
      }
    }
  }

  /**
   * Takes a loan back, and wakes who is next, unless somebody has been woken. Returns whether the
   * lock is now that of a waiter.
   */
  private boolean unlockQueued() {
    queue.lock();
    G borrower = lent;
    lent = null;
    boolean wakes = (state & WOKEN) == 0; // changes under the queue's lock only
    var first = wakes ? (Contender) queue.first() : null;
    if ((state & HELD) == 0 || (wakes && first == null)) {
      queue.unlock();
      throw new IllegalStateException("sync: unlock of unlocked mutex"); // by another, meanwhile
    }
    boolean handOff = first != null && Clock.nanoTime() - first.since > STARVING_NANOS;
    if (first != null) {
      queue.remove(first);
      first.handed = handOff;
    }
    letGo(wakes, handOff);
    if (first != null && handOff && Classes.used()) {
      owner = first.goroutine();
      lendAll();
    }
    queue.unlock();
    if (borrower != null) {
      Classes.restore(borrower);
    }
    if (first != null) {
      first.ready();
    }
    return handOff;
  }

  /** Under the queue's lock. */
  private void letGo(boolean wakes, boolean handOff) {
    for (; ; ) {
      int s = state;
      int next = queue.isEmpty() ? s & ~QUEUED : s;
      if (!handOff) {
        next = wakes ? (next & ~HELD) | WOKEN : next & ~HELD; // I2
      }
      if (STATE.compareAndSet(this, s, next)) {
        return;
      }
    }
  }

  /** How many wait now. */
  int waiting() {
    return queue.lockAndSize();
  }

  @Override
  public String toString() {
    return "Mutex " + (isLocked() ? "locked" : "unlocked") + " waiting=" + waiting();
  }
}
