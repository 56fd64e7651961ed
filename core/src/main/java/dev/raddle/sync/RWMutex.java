package dev.raddle.sync;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.WaitReason;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * Many readers, or one writer.
 *
 * State       readers: those who read now, and, after a writer, those whom it has let in
 *             WRITER: a writer has the lock or waits for the readers to leave; newcomers queue
 * Invariants  I1  a reader queues only while WRITER is set, which it looks at under the queue's
 *                 lock; the writer clears it under that lock, and takes the whole queue
 *             I2  the last reader to leave under WRITER readies the writer, or the writer has seen
 *                 that nobody reads: both look under the queue's lock
 * Fairness    A waiting writer keeps new readers out; a writer that leaves lets in every reader that
 *             waits, before the next writer. So neither starves. Writers line up at a Mutex.
 * Ordering    R1  readUnlock: CAS  <->  lock: CAS or wait      R2  unlock: store, ready  <->  readLock
 * Checked by  RWMutexTest; proof: RWMutexWriter (I2).
 * Sources     Go sync/rwmutex.go, for who goes before whom.
 */
/**
 * A lock for many readers or one writer: Go's {@code sync.RWMutex}. Not re-entrant: as a waiting
 * writer keeps new readers out, a goroutine that reads and reads again inside may wait for ever.
 * Who locked need not be who unlocks. Uncontended, each operation is one or two CAS. Interrupts do
 * not end a wait; they are kept.
 *
 * @see <a href="https://pkg.go.dev/sync#RWMutex">Go: sync.RWMutex</a>
 */
public final class RWMutex implements Locker {
  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "state", VarHandle.class, RWMutex.class, int.class);

  private static final int WRITER = 1 << 30;
  private static final int READERS = WRITER - 1;

  private final Mutex writers = new Mutex();
  private final WaitQueue queue = new WaitQueue(); // of readers

  @SuppressWarnings("FieldMayBeFinal") // written through STATE
  private volatile int state;

  /** The writer that waits for the last reader. Guarded by the queue's lock. */
  private WaitQueue.@Nullable Entry writer;

  /** A writer has the lock. Written by it alone. */
  private volatile boolean writing;

  /** Makes an unlocked one. */
  public RWMutex() {}

  // ---- readers ----

  /** Waits until no writer has the lock or waits for it, and takes it for reading. */
  public void readLock() {
    while (!tryReadLock()) {
      var me = new WaitQueue.Entry(this);
      queue.lock();
      if ((state & WRITER) != 0) {
        queue.addLast(me);
        queue.unlock();
        me.awaitFully(WaitReason.RWMUTEX_READ);
        return; // the writer has counted it
      }
      queue.unlock();
    }
  }

  /**
   * Takes the lock for reading if no writer has it or waits for it.
   *
   * @return whether it was taken
   */
  public boolean tryReadLock() {
    for (; ; ) {
      int s = state;
      if ((s & WRITER) != 0) {
        return false;
      }
      if (STATE.compareAndSet(this, s, s + 1)) {
        return true;
      }
    }
  }

  /**
   * Gives one reader's hold back.
   *
   * @throws IllegalStateException if nobody reads
   */
  public void readUnlock() {
    int now;
    for (; ; ) {
      int s = state;
      if ((s & READERS) == 0) {
        throw new IllegalStateException("sync: RUnlock of unlocked RWMutex");
      }
      now = s - 1;
      if (STATE.compareAndSet(this, s, now)) {
        break;
      }
    }
    if (now == WRITER) {
      lastReaderLeft();
    }
  }

  private void lastReaderLeft() {
    queue.lock();
    WaitQueue.Entry w = writer;
    if (w != null && (state & READERS) == 0) { // or it is a later one, and waits for others
      writer = null;
    } else {
      w = null;
    }
    queue.unlock();
    if (w != null) {
      w.ready();
    }
  }

  // ---- writers ----

  /** Waits until nobody else has the lock, and takes it for writing. */
  @Override
  public void lock() {
    writers.lock(WaitReason.RWMUTEX_WRITE);
    if (!STATE.compareAndSet(this, 0, WRITER)) {
      try {
        awaitReaders();
      } catch (OutOfMemoryError full) { // nothing has been announced yet
        writers.unlock();
        throw full;
      }
    }
    writing = true;
  }

  private void awaitReaders() {
    var me = new WaitQueue.Entry(this);
    int before = (int) STATE.getAndBitwiseOr(this, WRITER);
    if (before == 0) {
      return;
    }
    queue.lock();
    boolean waits = (state & READERS) != 0; // I2
    if (waits) {
      writer = me;
    }
    queue.unlock();
    if (waits) {
      me.awaitFully(WaitReason.RWMUTEX_WRITE);
    }
  }

  /**
   * Takes the lock for writing if nobody has it.
   *
   * @return whether it was taken
   */
  public boolean tryLock() {
    if (!writers.tryLock()) {
      return false;
    }
    if (!STATE.compareAndSet(this, 0, WRITER)) {
      writers.unlock();
      return false;
    }
    writing = true;
    return true;
  }

  /**
   * Gives the writer's hold back.
   *
   * @throws IllegalStateException if no writer has the lock
   */
  @Override
  public void unlock() {
    if (!writing) {
      throw new IllegalStateException("sync: Unlock of unlocked RWMutex");
    }
    writing = false;
    queue.lock();
    state = queue.size(); // I1
    WaitQueue.Entry readers = queue.takeAll();
    queue.unlock();
    WaitQueue.ready(readers);
    writers.unlock();
  }

  /**
   * The reading side as a {@link Locker}.
   *
   * @return a view
   */
  public Locker readLocker() {
    return new Locker() {
      @Override
      public void lock() {
        readLock();
      }

      @Override
      public void unlock() {
        readUnlock();
      }
    };
  }

  @Override
  public String toString() {
    int readers = state & READERS;
    String now = writing ? "writing" : readers > 0 ? "readers=" + readers : "unlocked";
    return "RWMutex " + now + " waiting=" + queue.lockAndSize() + " " + writers;
  }
}
