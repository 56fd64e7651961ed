package dev.raddle.internal.sched;

import dev.raddle.internal.util.SpinLock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/*
 * The Ps of a scheduler: how many may run, and those that do not.
 *
 * Who has a P An M that runs or searches; or it is idle (on the stack of wakep); or spare: without
 *             the right to run, to be used again when there are more or for a hand-off.
 * Fewer       What is too much is owed: idle Ms' Ps go at once, the others when their Ms pass through
 *             the scheduler (claimExcess). A P gives its queues up before it becomes spare.
 * Hand-off    The P of a goroutine that hogs or blocks is detached, and a fresh one runs in its
 *             place. Its M finds out when the goroutine comes back, or takes an idle P's right.
 * Allocation  handOff makes the fresh P before it detaches the other: the heap may be full.
 */
/** The processors of a scheduler. */
final class Procs {
  final IdleStack<P> idle = new PStack();

  private final IdleStack<P> spare = new PStack();
  private final ProcSched sched;
  private final SchedConfig config;

  /** Grows only; index i is the P with that index. Written under {@code grow}. */
  private volatile P[] all = new P[0];

  private final SpinLock grow = new SpinLock();
  private final SpinLock resize = new SpinLock();
  private volatile int count;
  private volatile int searchRounds;

  /** Says how many Ps there should be; null once somebody has set the number. */
  private volatile @Nullable IntSupplier follows;

  /** Ps to be given up by the next Ms that pass through the scheduler. */
  private final AtomicInteger excess = new AtomicInteger();

  Procs(ProcSched sched, SchedConfig config) {
    this.sched = sched;
    this.config = config;
    add(config.processors());
    count = config.processors();
    searchRounds = config.rounds(count);
    follows = config.follows();
  }

  P[] all() {
    return all;
  }

  /** GOMAXPROCS. */
  int count() {
    return count;
  }

  int searchRounds() {
    return searchRounds;
  }

  /** Sets their number, as Go's runtime.GOMAXPROCS. Returns what it was. */
  int set(int n) {
    if (n > SchedConfig.MAX_PROCESSORS) {
      throw new IllegalArgumentException(
          "gomaxprocs: expected at most " + SchedConfig.MAX_PROCESSORS + ", found " + n);
    }
    if (n <= 0) {
      return count;
    }
    follows = null;
    return resizeTo(n);
  }

  /** Goes back to following the CPUs. */
  void setDefault() {
    follows = config.follows();
    IntSupplier now = config.follows();
    resizeTo(now == null ? config.processors() : now.getAsInt());
  }

  /** Sysmon: follows the CPUs and the quota. */
  void follow() {
    IntSupplier now = follows;
    if (now != null) {
      int n = now.getAsInt();
      if (n != count) {
        resizeTo(n);
      }
    }
    searchRounds = config.rounds(count); // the CPUs may be fewer now
  }

  private int resizeTo(int n) {
    resize.lock();
    int before = count;
    try {
      count = n;
      searchRounds = config.rounds(n);
      if (n < before) {
        excess.addAndGet(before - n);
      } else {
        add(n - before);
      }
    } finally {
      resize.unlock();
    }
    if (n < before) {
      retireIdle();
    } else if (sched.hasWork()) {
      sched.wakep();
    }
    return before;
  }

  private void add(int n) {
    for (int i = 0; i < n; i++) {
      if (!claimExcess()) {
        P p = spareOrNew();
        p.status(P.IDLE);
        idle.push(p);
      }
    }
  }

  private void retireIdle() {
    while (claimExcess()) {
      P p = idle.pop();
      if (p == null) {
        excess.incrementAndGet(); // a busy one must go: its M sees to it
        return;
      }
      toSpare(p);
    }
  }

  /** Whether the caller must give its P up because there are too many. */
  boolean claimExcess() {
    for (int e = excess.get(); e > 0; e = excess.get()) {
      if (excess.compareAndSet(e, e - 1)) {
        return true;
      }
    }
    return false;
  }

  void toSpare(P p) {
    p.status(P.SPARE);
    spare.push(p);
  }

  private P spareOrNew() {
    P kept = spare.pop();
    if (kept != null) {
      return kept;
    }
    grow.lock();
    try {
      P[] old = all;
      P p = new P(sched, old.length, config);
      P[] more = Arrays.copyOf(old, old.length + 1);
      more[old.length] = p;
      all = more;
      return p;
    } finally {
      grow.unlock();
    }
  }

  /** Sysmon: gives the right to run of a P whose goroutine hogs or blocks to another P. */
  void handOff(P p) {
    P fresh = spareOrNew();
    if (!p.casStatus(P.RUNNING, P.DETACHED)) {
      spare.push(fresh);
    } else {
      fresh.status(P.RUNNING);
      sched.searchers.incrementAndGet();
      sched.threads.start(fresh);
    }
  }

  /** After a hand-off: takes the right to run of an idle P. False if there is none. */
  boolean regain(P held) {
    P other = idle.pop();
    if (other == null) {
      return false;
    }
    toSpare(other);
    held.status(P.RUNNING); // only its own M takes a P out of DETACHED
    return true;
  }

  private final class PStack extends IdleStack<P> {
    @Override
    P at(int index) {
      return all[index];
    }
  }
}
