package dev.raddle.internal.sched;

import java.util.concurrent.atomic.AtomicInteger;

/*
 * W1 to W4 of ProcSched without threads: tasks, idle Ps, searchers and granted Ps are counts, each
 * step is the step of ProcSched or M with the same name. A thread that wakes an M becomes that M.
 * Nothing is lost if, when all have gone idle, no task is left.
 */
class Wakes {
  final AtomicInteger queue = new AtomicInteger();
  final AtomicInteger idleP;
  final AtomicInteger searchers = new AtomicInteger();
  private final int procs;

  Wakes(int procs, int idle) {
    this.procs = procs;
    idleP = new AtomicInteger(idle);
  }

  /** Not on an M: makes a task visible and wakes. */
  final void produce() {
    queue.incrementAndGet();
    if (wakep()) {
      run(true);
    }
  }

  /** An M that holds the P, does not search and has found nothing. */
  final void goIdle() {
    if (releaseIdle(false)) {
      run(true);
    }
  }

  /** An M with a P, until it has none. */
  final void run(boolean searching) {
    boolean counted = searching;
    while (true) {
      if (take()) {
        if (counted) {
          counted = false;
          if (leaveWithWork()) {
            run(true); // the woken M; another thread in truth
          }
        }
      } else if (!counted && 2 * searchers.get() < procs - idleP.get()) {
        counted = true;
        searchers.incrementAndGet();
      } else if (releaseIdle(counted)) {
        counted = true;
      } else {
        return;
      }
    }
  }

  /** A searching M, already counted, that runs what it finds for ever. */
  final void hog() {
    if (take() && leaveWithWork()) {
      run(true);
    }
  }

  /** Whether the caller must run the woken M. */
  boolean leaveWithWork() {
    searchers.decrementAndGet();
    return searchers.get() == 0 && idleP.get() != 0 && queue.get() != 0 && wakep();
  }

  private boolean take() {
    for (int n = queue.get(); n > 0; n = queue.get()) {
      if (queue.compareAndSet(n, n - 1)) {
        return true;
      }
    }
    return false;
  }

  final boolean popIdle() {
    for (int n = idleP.get(); n > 0; n = idleP.get()) {
      if (idleP.compareAndSet(n, n - 1)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the caller must run the woken M. */
  boolean wakep() {
    while (searchers.get() == 0 && idleP.get() != 0 && searchers.compareAndSet(0, 1)) {
      if (popIdle()) {
        return true;
      }
      searchers.decrementAndGet();
      if (queue.get() == 0) {
        return false;
      }
    }
    return false;
  }

  /** Whether the M goes on, as a searcher. */
  boolean releaseIdle(boolean counted) {
    idleP.incrementAndGet();
    if (counted) {
      searchers.decrementAndGet();
    }
    return lastLook();
  }

  final boolean lastLook() {
    if (queue.get() == 0 || !popIdle()) {
      return false;
    }
    searchers.incrementAndGet();
    return true;
  }

  final boolean lost() {
    return queue.get() != 0;
  }

  /** Does not look again after it had taken the place of the searcher in vain. */
  static final class FailedWakeForgets extends Wakes {
    FailedWakeForgets(int procs, int idle) {
      super(procs, idle);
    }

    @Override
    boolean wakep() {
      if (searchers.get() != 0 || idleP.get() == 0 || !searchers.compareAndSet(0, 1)) {
        return false;
      }
      if (popIdle()) {
        return true;
      }
      searchers.decrementAndGet();
      return false;
    }
  }

  /** Looks for more work before it leaves the count, not after. */
  static final class LookBeforeWaking extends Wakes {
    LookBeforeWaking(int procs, int idle) {
      super(procs, idle);
    }

    @Override
    boolean leaveWithWork() {
      boolean more = queue.get() != 0;
      searchers.decrementAndGet();
      return more && wakep();
    }
  }

  /** Looks for work before it leaves the count, not after. */
  static final class LookBeforeLeaving extends Wakes {
    LookBeforeLeaving(int procs, int idle) {
      super(procs, idle);
    }

    @Override
    boolean releaseIdle(boolean counted) {
      idleP.incrementAndGet();
      boolean more = lastLook();
      if (counted) {
        searchers.decrementAndGet();
      }
      return more;
    }
  }

  /** Goes idle without a last look. */
  static final class NoLastLook extends Wakes {
    NoLastLook(int procs, int idle) {
      super(procs, idle);
    }

    @Override
    boolean releaseIdle(boolean counted) {
      idleP.incrementAndGet();
      if (counted) {
        searchers.decrementAndGet();
      }
      return false;
    }
  }
}
