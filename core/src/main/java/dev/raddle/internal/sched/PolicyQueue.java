package dev.raddle.internal.sched;

import dev.raddle.internal.util.SpinLock;
import org.jspecify.annotations.Nullable;

/*
 * What can run on a P, in the order of a policy. It stands in for the P's own queues.
 *
 * Not here    What is no goroutine, such as the JDK's pollers; and forked jobs until they have parked
 *             once. They are a part of who forked them, and only the tail of a P's own queue gives one
 *             back to its joiner: here each fork that was run in place would stay. P polls both by turns.
 * Guarded     Every call of the policy, by the lock that it is. The size may be read without it.
 * Failures    What the policy throws ends the process: a goroutine may be lost.
 * Ordering    R1 of P: the size is written with the task in the queue.
 */
/** The run queue of a P under a {@link RunPolicy}. */
public abstract class PolicyQueue extends SpinLock {
  private int count;
  private volatile int size; // count, for those without the lock

  /** Makes an empty one. */
  protected PolicyQueue() {}

  /** Adds {@code task}, which runs {@code g}. */
  protected abstract void add(G g, Runnable task);

  /** Takes the next one. */
  protected abstract @Nullable Runnable next();

  /** Tells for how long {@code g} has run. */
  protected abstract void ran(G g, long nanos);

  final boolean isEmpty() {
    return size == 0;
  }

  final int size() {
    return size;
  }

  /** Returns whether it is one for this queue. */
  final boolean push(Runnable task) {
    G g = gOf(task);
    if (g == null) {
      return false;
    }
    lock();
    try {
      add(g, task);
      size = ++count;
    } catch (Throwable t) {
      ProcSched.broken(Thread.currentThread(), t);
    } finally {
      unlock();
    }
    return true;
  }

  private static @Nullable G gOf(Runnable task) {
    if (task instanceof GThread t) {
      return t.g();
    }
    return task instanceof G g && g.counts() ? g : null;
  }

  final @Nullable Runnable poll() {
    if (size == 0) {
      return null;
    }
    lock();
    try {
      return size == 0 ? null : take();
    } catch (Throwable t) {
      ProcSched.broken(Thread.currentThread(), t);
      return null;
    } finally {
      unlock();
    }
  }

  private Runnable take() {
    Runnable task = next();
    if (task == null) {
      throw new IllegalStateException(
          "policy: expected one of " + size + " goroutines that can run, found none");
    }
    size = --count;
    return task;
  }

  final void hasRun(G g, long nanos) {
    lock();
    try {
      ran(g, nanos);
    } catch (Throwable t) {
      ProcSched.broken(Thread.currentThread(), t);
    } finally {
      unlock();
    }
  }
}
