package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Carrier;
import dev.raddle.internal.jdk.Cpus;
import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.Parker;
import org.jspecify.annotations.Nullable;

/*
 * An operating-system thread that runs goroutines while it holds a P.
 *
 * Roles       Its own loop and the goroutine that it carries own the plain fields: one of the two
 *             runs at a time, on this very thread. Others write `granted` only.
 * Loop        find work -> run it until it parks or ends -> again; without work: give the P up, look
 *             once more, park. See ProcSched for the protocol.
 */
final class M extends Carrier implements IdleStack.Node {
  final ProcSched sched;
  private final int index;
  private volatile int below;
  private final Finder finder;
  private final Idling idling;

  /** The P held; null while parked or about to. */
  @Nullable P p;

  /**
   * The goroutine thread that runs now; null in the scheduler and for threads that are not ours.
   */
  @Nullable GThread current;

  /** The CPUs on which this thread may run; null for any. */
  private int @Nullable [] place;

  /** A goroutine is locked to this thread, or has ended while it was. */
  private boolean tainted;

  /** True while a continuation runs on this M. */
  private boolean mounted;

  /** The thread being started reports here instead of to a queue. */
  private boolean starting;

  /** Taken off the idle stack for good. */
  volatile boolean retired;

  /** A P granted by a waker, with the duty to search; null again once taken. */
  volatile @Nullable P granted;

  M(ProcSched sched, int index) {
    super(sched.pool, "raddle-" + sched.name() + "-m" + index);
    this.sched = sched;
    this.index = index;
    finder = new Finder(this);
    idling = new Idling(this);
  }

  /** The M under the current thread; null when there is none. */
  static @Nullable M current() {
    Thread t = Thread.currentThread();
    Thread carrier = t.isVirtual() ? VirtualThreads.carrier(t) : t;
    return carrier instanceof M m ? m : null;
  }

  /** As {@link #current()}, for code that runs only there. */
  static M onCarrier() {
    M m = current();
    if (m == null) {
      throw new IllegalStateException("not on a goroutine thread");
    }
    return m;
  }

  P p() {
    P held = p;
    if (held == null) {
      throw new IllegalStateException(getName() + " runs a goroutine without a P");
    }
    return held;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int below() {
    return below;
  }

  @Override
  public void below(int link) {
    below = link;
  }

  /** The goroutine blocks this thread: others get its right to run, now or when they need it. */
  @Override
  protected void blockingBegins() {
    P held = p;
    if (held != null) {
      held.inBlocking = true; // sysmon looks after work that comes later
      if (held.hasNext() || sched.hasWork()) {
        sched.procs.handOff(held);
      }
    }
  }

  /** Back from the call: goes on with an idle P's right to run, else waits its turn in a queue. */
  @Override
  protected void blockingEnded() {
    P held = p;
    if (held != null && held.inBlocking) {
      held.inBlocking = false;
      if (!held.isRunning() && !regain(held) && !inScheduler()) {
        Thread.yield();
      }
    }
  }

  /** Tells of the wait of a locked goroutine; null at its end. */
  void lockedWait(@Nullable Waiter w) {
    P held = p;
    if (held != null) {
      held.lockedWait(w);
    }
  }

  /**
   * After a hand-off: goes on with the right to run, and in the place, of an idle P. False if there
   * is none.
   */
  boolean regain(P held) {
    boolean got = sched.procs.regain(held);
    if (got && held.place() != place) {
      moveTo(held.place());
    }
    return got;
  }

  /** What the system refuses is told by sysmon; then this thread may run anywhere. */
  private void moveTo(int @Nullable [] cpus) {
    place = cpus;
    if (cpus != null && !Cpus.enter(cpus)) {
      sched.threads.refused(cpus);
      Cpus.leave();
    }
  }

  /**
   * Ties the goroutine that runs here to this thread, which ends with it: whatever was done to the
   * thread must not reach others.
   */
  void lock() {
    pin();
    tainted = true;
  }

  /** Undoes {@link #lock}. */
  void unlock() {
    unpin();
    tainted = false;
  }

  /** Whether the P may be used for queues: held, and not handed off. */
  @Nullable P usableP() {
    P held = p;
    return held != null && held.isRunning() ? held : null;
  }

  /** Takes the submission of a thread that this M starts itself. */
  boolean takesStart() {
    if (starting) {
      starting = false;
      return true;
    }
    return false;
  }

  /** Whether the scheduler itself, not the goroutine, is what runs on this M now. */
  boolean inScheduler() {
    return Thread.currentThread() == this;
  }

  // ---- the loop ----

  @Override
  public void run() {
    Cpus.leave();
    sched.hooks.started(this);
    try {
      if (awaitP()) {
        execute(GThread.NONE);
        for (Runnable task; (task = finder.find()) != null; ) {
          finder.found();
          execute(task);
          if (tainted) {
            leave();
            return;
          }
        }
      }
    } catch (Throwable t) {
      ProcSched.broken(this, t);
    } finally {
      sched.hooks.stopped(this);
      sched.threads.exited(this);
    }
  }

  /** Gives the P to another M, before this thread ends. */
  private void leave() {
    P held = p();
    p = null;
    if (!held.isRunning()) {
      held.drain();
      sched.procs.toSpare(held);
      sched.wakep();
      return;
    }
    Runnable task = finder.takeHanded();
    if (task != null) {
      held.append(task);
    }
    sched.searchers.incrementAndGet();
    sched.threads.start(held);
  }

  private void execute(Runnable task) {
    P held = p();
    if (held.place() != place) {
      moveTo(held.place());
    }
    held.advance();
    GThread t;
    if (task instanceof G g) {
      if (!g.claim()) {
        return;
      }
      t = start(g);
    } else {
      t = task instanceof GThread gt ? gt : null;
    }
    current = t;
    held.inRun(true);
    mounted = true;
    PolicyQueue policy = held.policy();
    try {
      if (policy == null || t == null) {
        (t != null ? t : task).run();
      } else {
        runTimed(policy, t);
      }
    } finally {
      mounted = false;
      held.inRun(false);
      if (held.inBlocking) {
        held.inBlocking = false;
      }
      current = null;
    }
  }

  private static void runTimed(PolicyQueue policy, GThread t) {
    G g = t.g();
    long start = Clock.nanoTime();
    t.run();
    if (g != null) {
      policy.hasRun(g, Clock.nanoTime() - start);
    }
  }

  private GThread start(G g) {
    for (; ; ) {
      try {
        var t = new GThread(sched, g, index);
        starting = true;
        VirtualThreads.start(t.thread, sched.container);
        return t;
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      } finally {
        starting = false;
      }
    }
  }

  Finder finder() {
    return finder;
  }

  /** Waits for a P; false when this M is to end. */
  boolean awaitP() {
    return idling.await();
  }

  boolean isMounted() {
    return mounted;
  }

  /** On a goroutine thread whose goroutine has ended: the next one, if this thread may run it. */
  @Nullable G nextUnstarted(G ended) {
    return tainted ? null : finder.nextUnstarted(ended);
  }

  /** As keeper of the timers: when this M will wake by itself. */
  long wakesAt() {
    return idling.wakesAt;
  }

  // ---- waking ----

  /** A waker gives this M a P; the waker has counted it as searching. */
  void grant(P toRun) {
    granted = toRun;
  }

  /** Ends a park. Here, and not at the callers, so that they verify without loading this class. */
  void wake() {
    Netpoller net = sched.netpoller;
    if (idling.polling && net != null) {
      net.wake();
    } else {
      Parker.unpark(this);
    }
  }

  /** Ends this M, which the caller has taken off the idle stack. */
  void retire() {
    retired = true;
    wake();
  }

  /** Waits for its end. Returns whether the caller was interrupted meanwhile. */
  boolean joined() {
    return Parker.join(this);
  }
}
