package dev.raddle.sync;

import dev.raddle.internal.sched.WaitReason;
import java.util.Objects;

/**
 * A place where goroutines wait until others announce that something has changed: Go's {@code
 * sync.Cond}. In most programs a channel is simpler: its {@code close} is a broadcast, a send a
 * signal.
 *
 * <p>What waiters look at is guarded by the locker, which they hold when they call {@link #await},
 * and again when it returns. They look again then, in a loop: others may have been there first.
 * Whoever signals may hold the locker or not. Waiters are served in the order in which they came.
 *
 * @see <a href="https://pkg.go.dev/sync#Cond">Go: sync.Cond</a>
 */
public final class Cond {
  private final Locker locker;
  private final WaitQueue queue = new WaitQueue();

  /**
   * Makes one.
   *
   * @param locker guards what is waited for
   */
  public Cond(Locker locker) {
    this.locker = Objects.requireNonNull(locker, "Cond of nil Locker");
  }

  /**
   * The locker that it was made with.
   *
   * @return the locker
   */
  public Locker locker() {
    return locker;
  }

  /**
   * Unlocks the locker, waits for a {@link #signal} or {@link #broadcast} that comes after, and
   * locks it again. Never returns without a cause. (Go's Wait; {@code Object.wait} has that name
   * here.)
   *
   * @throws InterruptedException if interrupted before a signal was meant for this waiter; the
   *     locker is locked again then, too. After a signal the interrupt is kept
   * @throws IllegalStateException if the locker is not locked
   */
  public void await() throws InterruptedException {
    var me = new WaitQueue.Interruptible(queue, this);
    queue.lock();
    queue.addLast(me);
    queue.unlock();
    try {
      locker.unlock();
    } catch (RuntimeException notLocked) {
      queue.lockAndRemove(me);
      throw notLocked;
    }
    try {
      me.await(WaitReason.COND);
    } finally {
      locker.lock();
    }
  }

  /** Wakes the one that has waited longest, if any waits. */
  public void signal() {
    queue.lock();
    WaitQueue.Entry first = queue.first();
    if (first != null) {
      queue.remove(first);
    }
    queue.unlock();
    if (first != null) {
      first.ready();
    }
  }

  /** Wakes all that wait. */
  public void broadcast() {
    queue.lock();
    WaitQueue.Entry all = queue.takeAll();
    queue.unlock();
    WaitQueue.ready(all);
  }

  @Override
  public String toString() {
    return "Cond waiting=" + queue.lockAndSize();
  }
}
