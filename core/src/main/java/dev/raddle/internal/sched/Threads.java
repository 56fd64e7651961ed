package dev.raddle.internal.sched;

import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.SpinLock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * The Ms of a scheduler: those that are, the idle ones, new ones when a P has none, and what happens
 * when none can be had.
 *
 * Limit       maxThreads, and what the system gives. Beyond it the P goes back to the idle ones, and
 *             what is queued waits for an M that comes back; sysmon tries again.
 * Ordering    R1  withoutThread: task visible, no idle M, wanting = true  <->  startNew: wanting =
 *                 false, start. A new M looks at every queue after that, so it finds the task; or
 *                 the task came later, and wanting stays.
 *             R2  withoutThread: P idle, searcher gone, wanting = true  <->  retry: wanting = false,
 *                 looks at searchers, idle Ps and queues.
 * Allocation  A new M is made before anything is changed for it: the heap may be full.
 * Checked by  ThreadsTest; proof: ThreadsWanting (R1), ThreadsRetry (R2).
 */
/** The operating-system threads of a scheduler. */
final class Threads {
  private static final long COMPLAINT_NANOS = 10_000_000_000L;
  private static final long RETRY_NANOS = 1_000_000;

  final IdleStack<M> idle = new MStack();

  private final ProcSched sched;
  private final int max;

  /** Grows only; index i is the M with that index. Written under {@code grow}. */
  private volatile M[] all = new M[0];

  private final SpinLock grow = new SpinLock();

  /** Indices whose M has ended. Guarded by {@code grow}. */
  private final BitSet free = new BitSet();

  private final AtomicInteger count = new AtomicInteger();

  /** An M was wanted in vain. */
  private volatile boolean wanting;

  private volatile @Nullable String why;

  /** CPUs on which a thread could not go on. Any M writes, sysmon reads: any of several will do. */
  private volatile int @Nullable [] refused;

  /** Written by sysmon, once. An M that does not see it yet sets {@link #refused} in vain. */
  private volatile boolean saidRefused;

  /** From when a new thread is worth another try. */
  private volatile long retryAt;

  /** Sysmon: when that was last said. */
  private long complained = Clock.nanoTime() - COMPLAINT_NANOS;

  Threads(ProcSched sched, int max) {
    this.sched = sched;
    this.max = max;
  }

  M[] all() {
    return all;
  }

  /** Grants a P, already RUNNING and its M counted as a searcher, to an M. */
  void start(P p) {
    M m = idle.pop();
    if (m == null) {
      m = sched.keeper.getAndSet(null);
    }
    if (m != null) {
      m.grant(p);
      m.wake();
    } else {
      startNew(p);
    }
  }

  private void startNew(P p) {
    if (count.incrementAndGet() > max) {
      count.decrementAndGet();
      withoutThread(p, "limit " + max);
      return;
    }
    M m = null;
    try {
      m = addM();
      m.grant(p);
      wanting = false; // R1: if the start fails, it is set again
      m.start();
    } catch (OutOfMemoryError full) { // of the heap, or of the system's threads
      if (m == null) {
        count.decrementAndGet();
      } else {
        exited(m);
      }
      withoutThread(p, full.getMessage());
    }
  }

  private M addM() {
    grow.lock();
    try {
      int index = free.isEmpty() ? all.length : free.nextSetBit(0);
      M[] more = Arrays.copyOf(all, Math.max(all.length, index + 1));
      M m = new M(sched, index);
      more[index] = m;
      free.clear(index);
      all = more;
      return m;
    } finally {
      grow.unlock();
    }
  }

  /**
   * No M can be had for {@code p}, whose M was counted as a searcher. What is queued waits until an
   * M comes back from a blocking call; sysmon sees to it, since that M may have looked just before.
   */
  private void withoutThread(P p, @Nullable String why) {
    p.status(P.IDLE);
    sched.procs.idle.push(p);
    sched.searchers.decrementAndGet();
    retryAt = Clock.nanoTime() + RETRY_NANOS;
    this.why = why;
    wanting = true; // R1, R2
  }

  /** Sysmon: wakes an M for what waited for want of a thread. */
  boolean retry() {
    boolean back = !idle.isEmpty() || sched.keeper.get() != null;
    boolean mayBeNew = count.get() < max && Clock.nanoTime() - retryAt > 0;
    if (!wanting || !(back || mayBeNew)) {
      return false;
    }
    wanting = false; // R2
    sched.wakeNext();
    return true;
  }

  /** Ends idle Ms when there are more of them than Ps: a quarter of those, and one. */
  void retireIdle() {
    int spare = idle.size() - sched.procs.count();
    for (int n = spare > 0 ? spare / 4 + 1 : 0; n > 0; n--) {
      M m = idle.pop();
      if (m != null) {
        m.retire();
      }
    }
  }

  /** Ends every M. Returns whether the caller was interrupted meanwhile. */
  boolean joinAll() {
    for (M each : all) {
      each.wake();
    }
    boolean interrupted = false;
    for (M each : all) {
      interrupted |= each.joined();
    }
    return interrupted;
  }

  /** An M ends: with the scheduler, retired, or because a goroutine ended locked to it. */
  void exited(M m) {
    count.decrementAndGet();
    grow.lock();
    try {
      free.set(m.index());
    } finally {
      grow.unlock();
    }
  }

  /** Whether an M was wanted in vain. */
  boolean isWanting() {
    return wanting;
  }

  /** How many Ms exist. */
  int count() {
    return count.get();
  }

  /** What each M does, for the watchdog's report. */
  void describe(StringBuilder out) {
    for (M m : all) {
      if (m.isAlive()) {
        out.append(m.getName()).append(' ').append(m.getState()).append(" p=").append(m.p);
        for (StackTraceElement e : m.getStackTrace()) {
          out.append("\n\tat ").append(e);
        }
        out.append('\n');
      }
    }
  }

  /** The system let a thread not on these CPUs: they are offline, or not the process's any more. */
  void refused(int[] cpus) {
    if (!saidRefused) {
      refused = cpus;
    }
  }

  private void sayRefused() {
    int[] cpus = refused;
    if (cpus != null && !saidRefused) {
      saidRefused = true;
      System.getLogger("dev.raddle")
          .log(
              System.Logger.Level.WARNING,
              "scheduler {0}: the system refused the CPUs {1} of a place; its threads run on any"
                  + " until they change their place. Is a CPU offline, or the cpuset smaller?",
              sched.name(),
              Arrays.toString(cpus));
    }
  }

  /** Sysmon, once a second: here, because a logger may be made, and the heap may be full. */
  void complain(long now) {
    sayRefused();
    if (wanting && now - complained > COMPLAINT_NANOS) {
      complained = now;
      System.getLogger("dev.raddle")
          .log(
              System.Logger.Level.ERROR,
              "scheduler {0}: no thread for goroutines that could run ({1}): they wait for one."
                  + " Are there too many blocking calls at the same time?",
              sched.name(),
              why);
    }
  }

  /** No lambda: its type would name M, see VirtualThreads.define. */
  private final class MStack extends IdleStack<M> {
    @Override
    M at(int index) {
      return all[index];
    }
  }
}
