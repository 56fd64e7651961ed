package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Carrier;
import dev.raddle.internal.jdk.Cpus;
import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.Parker;
import dev.raddle.internal.util.Rand;
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
  /** Every so many picks the shared queue and the lowest class go first. Go's value. */
  private static final int FAIR_TICK = 61;

  final ProcSched sched;
  private final int index;
  private volatile int below;

  /** The P held; null while parked or about to. */
  @Nullable P p;

  /**
   * The goroutine thread that runs now; null in the scheduler and for threads that are not ours.
   */
  @Nullable GThread current;

  /** True while this M looks for work to steal and is counted as such. */
  boolean searching;

  /** A goroutine is locked to this thread, or has ended while it was. */
  private boolean tainted;

  /** True while a continuation runs on this M. */
  private boolean mounted;

  /** The thread being started reports here instead of to a queue. */
  private boolean starting;

  /** Taken from the queue by a goroutine thread that could not run it itself; runs next. */
  private @Nullable Runnable handed;

  /** As keeper of the timers: when this M will wake by itself. */
  volatile long wakesAt;

  /** As keeper: blocks in the netpoller, or is about to. */
  private volatile boolean polling;

  /** The last wait in the netpoller found one goroutine, which runs now. */
  private boolean lonely;

  /** Taken off the idle stack for good. */
  private volatile boolean retired;

  /** A P granted by a waker, with the duty to search; null again once taken. */
  private volatile @Nullable P granted;

  M(ProcSched sched, int index) {
    super(sched.pool, "raddle-" + sched.name() + "-m" + index);
    this.sched = sched;
    this.index = index;
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
        sched.handOff(held);
      }
    }
  }

  /** Back from the call: goes on with an idle P's right to run, else waits its turn in a queue. */
  @Override
  protected void blockingEnded() {
    P held = p;
    if (held != null && held.inBlocking) {
      held.inBlocking = false;
      if (!held.isRunning() && !sched.regain(held) && !inScheduler()) {
        Thread.yield();
      }
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
    Cpus.enter(sched.cpus());
    try {
      if (parkUntilGranted()) {
        execute(GThread.NONE);
        for (Runnable task; (task = findRunnable()) != null; ) {
          if (searching) {
            stopSearching();
            sched.wakeNext();
          }
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
      sched.exited(this);
    }
  }

  /** Gives the P to another M, before this thread ends. */
  private void leave() {
    P held = p();
    p = null;
    if (!held.isRunning()) {
      held.drain();
      sched.toSpare(held);
      sched.wakep();
      return;
    }
    Runnable task = handed;
    if (task != null) {
      held.append(task);
    }
    sched.searchers.incrementAndGet();
    sched.startM(held);
  }

  private void execute(Runnable task) {
    P held = p();
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
    try {
      (t != null ? t : task).run();
    } finally {
      mounted = false;
      held.inRun(false);
      if (held.inBlocking) {
        held.inBlocking = false;
      }
      current = null;
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

  boolean isMounted() {
    return mounted;
  }

  /** On a goroutine thread whose goroutine has ended: the next one, if this thread may run it. */
  @Nullable G nextUnstarted() {
    P held = usableP();
    if (held == null || tainted || !sched.reuseThreads()) {
      return null;
    }
    while (held.tick() % FAIR_TICK != FAIR_TICK - 1 && !due(held.timers)) {
      Runnable task = held.next();
      if (task == null) {
        task = pollGlobal(held);
      }
      if (!(task instanceof G g)) {
        handed = task;
        return null;
      }
      held.advance();
      if (g.claim()) {
        return g;
      }
    }
    return null;
  }

  /** Finds a task, parking if need be; null when the scheduler has closed. */
  private @Nullable Runnable findRunnable() {
    for (; ; ) {
      P held = p;
      if (held == null) {
        if (!parkUntilGranted()) {
          return null;
        }
        continue;
      }
      if (!held.isRunning() || sched.claimExcess()) {
        giveUp(held);
        continue;
      }
      Runnable task = handed;
      if (task != null) {
        handed = null;
        return task;
      }
      if (due(held.timers) && held.timers.runDue(Clock.nanoTime()) > 1) {
        sched.wakep();
      }
      task = pick(held);
      if (task != null) {
        return task;
      }
      task = pollNet(held);
      if (task == null) {
        task = search(held);
      }
      if (task != null) {
        return task;
      }
      releaseIdle(held);
    }
  }

  private @Nullable Runnable pick(P held) {
    if ((held.tick() + 1) % FAIR_TICK == 0) {
      Runnable task = pollGlobal(held);
      if (task == null) {
        task = held.nextLow();
      }
      if (task != null) {
        return task;
      }
    }
    Runnable task = held.next();
    return task != null ? task : pollGlobal(held);
  }

  private @Nullable Runnable pollGlobal(P held) {
    GlobalQueue global = sched.global;
    for (int c = 0; c < G.CLASSES; c++) {
      Runnable task = global.isEmpty(c) ? null : global.poll(c, held.queue(c));
      if (task != null) {
        return task;
      }
    }
    return null;
  }

  /** N1 of {@link Netpoller}. */
  private @Nullable Runnable pollNet(P held) {
    Netpoller net = sched.netpoller;
    if (net == null || sched.keeper.get() != null) {
      return null; // the keeper is polling
    }
    if (lonely) {
      lonely = false; // most likely nothing yet: the wait that follows will tell
      return null;
    }
    sched.lastPoll = Clock.nanoTime();
    int found = net.poll();
    if (found > 1) {
      sched.wakep();
    }
    return found > 0 ? held.next() : null;
  }

  private static boolean due(TimerHeap timers) {
    long next = timers.next();
    return next != TimerHeap.NONE && next - Clock.nanoTime() <= 0;
  }

  // ---- searching ----

  private @Nullable Runnable search(P held) {
    if (!searching) {
      if (!sched.maySearch()) {
        return null;
      }
      searching = true;
      sched.searchers.incrementAndGet();
    }
    for (int round = sched.searchRounds(); round > 0; round--) {
      P[] all = sched.allp();
      int start = Rand.below(all.length);
      if (runTimersOf(all) > 0) {
        Runnable task = held.next();
        if (task != null) {
          return task;
        }
      }
      for (int c = 0; c < G.CLASSES; c++) { // class before victim
        for (int i = 0; i < all.length; i++) {
          P victim = all[(start + i) % all.length];
          Runnable task = victim == held ? null : held.stealFrom(victim, c);
          if (task != null) {
            return task;
          }
        }
      }
      Runnable task = pollGlobal(held);
      if (task != null) {
        return task;
      }
      Thread.onSpinWait();
    }
    return null;
  }

  private int runTimersOf(P[] all) {
    int fired = 0;
    for (P each : all) {
      if (due(each.timers)) {
        fired += each.timers.runDue(Clock.nanoTime());
      }
    }
    return fired;
  }

  private void stopSearching() {
    searching = false;
    sched.searchers.decrementAndGet();
  }

  // ---- giving the P up, parking ----

  /** The P was handed off meanwhile, or there are too many Ps now. */
  private void giveUp(P held) {
    Runnable task = handed;
    handed = null;
    if (task != null) {
      sched.global.push(P.priorityOf(task), task);
    }
    held.drain();
    p = null;
    if (searching) {
      stopSearching();
    }
    sched.toSpare(held);
    takeIdleP(sched.hasWork());
    if (p == null) {
      sched.wakep();
    }
  }

  private void releaseIdle(P held) {
    if (!held.casStatus(P.RUNNING, P.IDLE)) {
      return; // handed off meanwhile: the loop gives it up
    }
    p = null;
    sched.idleP.push(held); // R1: visible as idle before the last look
    if (searching) {
      stopSearching();
    }
    takeIdleP(sched.hasWork());
  }

  private void takeIdleP(boolean wanted) {
    P idle = wanted ? sched.idleP.pop() : null;
    if (idle != null) {
      idle.status(P.RUNNING);
      p = idle;
      searching = true;
      sched.searchers.incrementAndGet();
    }
  }

  /** A waker gives this M a P; the waker has counted it as searching. */
  void grant(P toRun) {
    granted = toRun;
  }

  /** Ends a park. Here, and not at the callers, so that they verify without loading this class. */
  void wake() {
    Netpoller net = sched.netpoller;
    if (polling && net != null) {
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

  /** Parks until a P is granted, or as keeper until a timer is due; false: closed or retired. */
  private boolean parkUntilGranted() {
    if (granted == null && sched.keeper.compareAndSet(null, this)) {
      if (keepTimers()) {
        return true;
      }
    } else if (granted == null) {
      sched.idleM.push(this);
    }
    while (granted == null) {
      if (retired || sched.isClosed()) {
        return false;
      }
      Parker.park();
    }
    p = granted;
    granted = null;
    searching = true;
    sched.woke();
    return true;
  }

  /** As keeper of the timers; true when it took a P by itself. */
  private boolean keepTimers() {
    while (granted == null && !sched.isClosed()) {
      long when = sched.nextTimer();
      wakesAt = when;
      if (when != sched.nextTimer()) {
        continue; // R1 of TimerHeap: a timer came in between
      }
      long delay = when == TimerHeap.NONE ? when : when - Clock.nanoTime();
      Netpoller net = delay > 0 ? sched.netpoller : null;
      if (net != null) {
        boolean found = awaitNet(net, when, delay);
        if (!found) {
          net.dispatch();
          continue;
        }
      } else if (delay > 0) {
        park(delay);
        continue;
      }
      if (!sched.keeper.compareAndSet(this, null)) {
        dispatch(net);
        return false; // a waker took this M: its grant is on the way
      }
      P idle = sched.idleP.pop();
      if (idle != null) {
        idle.status(P.RUNNING);
        p = idle;
        int readied = dispatch(net);
        lonely = readied == 1;
        if (readied + runTimersOf(sched.allp()) > 1) {
          sched.wakep();
        }
        sched.woke();
        return true;
      }
      sched.idleM.push(this); // every P is busy, and looks at the timers itself
      dispatch(net);
      return false;
    }
    return false;
  }

  private static void park(long nanos) {
    if (nanos == TimerHeap.NONE) {
      Parker.park();
    } else {
      Parker.parkNanos(nanos);
    }
  }

  /** N2 of {@link Netpoller}. The caller dispatches. */
  private boolean awaitNet(Netpoller net, long when, long nanos) {
    net.enter();
    polling = true; // N2: then the look at what others wake this M for
    boolean asked = granted != null || sched.isClosed() || when != sched.nextTimer();
    boolean found = net.await(asked ? 0 : nanos);
    polling = false;
    sched.lastPoll = Clock.nanoTime();
    return found;
  }

  private static int dispatch(@Nullable Netpoller net) {
    return net == null ? 0 : net.dispatch();
  }
}
