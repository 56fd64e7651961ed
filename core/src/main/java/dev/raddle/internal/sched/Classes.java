package dev.raddle.internal.sched;

import dev.raddle.internal.util.SpinLock;

/*
 * Priority classes of goroutines, while they live.
 *
 * Two         A goroutine has the class it was given (own), and runs in a higher one while it holds a
 *             lock that a goroutine of that class waits for (priority inheritance).
 * Queued      A change counts from the next time it is queued. What is queued already is moved by
 *             the scheduler, which looks through its queues: dear, and rare.
 * In use      Nobody pays for classes before the first goroutine asks for one.
 */
/** Changes the class of goroutines. */
public final class Classes {
  private static final SpinLock LOCK = new SpinLock();
  private static volatile boolean used;

  private Classes() {}

  /** Whether any goroutine ever had a class other than NORMAL. */
  public static boolean used() {
    return used;
  }

  static void use() {
    if (!used) {
      used = true;
    }
  }

  /** Gives {@code g} another class, at any time. */
  public static void set(G g, int priority) {
    use();
    LOCK.lock();
    g.own(priority);
    boolean moved = runIn(g, g.boosts > 0 ? Math.min(priority, g.priority()) : priority);
    LOCK.unlock();
    requeue(g, moved);
  }

  /**
   * {@code waiter} waits for a lock of {@code holder}, which runs in the waiter's class from now on
   * if its own is lower.
   *
   * @return whether it does; then {@link #restore} must follow
   */
  public static boolean inherit(G holder, G waiter) {
    LOCK.lock();
    boolean higher = waiter.priority() < holder.priority();
    if (higher) {
      holder.boosts++;
      runIn(holder, waiter.priority());
    }
    LOCK.unlock();
    requeue(holder, higher);
    return higher;
  }

  /** As {@link #inherit}, for one that has inherited through the same lock already. */
  public static void raise(G holder, G waiter) {
    LOCK.lock();
    boolean higher = waiter.priority() < holder.priority();
    if (higher) {
      runIn(holder, waiter.priority());
    }
    LOCK.unlock();
    requeue(holder, higher);
  }

  /** {@code holder} gave up a lock for which it had inherited a class. */
  public static void restore(G holder) {
    LOCK.lock();
    if (--holder.boosts == 0) {
      runIn(holder, holder.own());
    }
    LOCK.unlock();
  }

  private static boolean runIn(G g, int priority) {
    boolean other = g.priority() != priority;
    g.runIn(priority);
    return other;
  }

  private static void requeue(G g, boolean moved) {
    Sched sched = g.sched;
    if (moved && sched != null) {
      sched.reclassify();
    }
  }
}
