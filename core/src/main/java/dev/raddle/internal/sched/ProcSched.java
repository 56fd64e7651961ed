package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/*
 * Our scheduler: M:N, work-stealing, GOMAXPROCS Ps.
 *
 * Waking, and how no wake-up is lost
 *   W1  A producer makes a task visible in a queue (CAS), then reads: is a P idle, does nobody
 *       search? Only if both, it takes the place of the searcher (0 -> 1) and grants an idle P to an M.
 *   W2  A searcher that finds work leaves the count, then looks at every queue, and wakes the next
 *       searcher if there is more, before it runs what it found.
 *   W3  An M without work marks its P idle, pushes it on the idle stack, leaves the searching count,
 *       and only then looks at every queue once more (hasWork). If there is work it takes an idle P.
 *   A producer that did not wake saw a searcher or no idle P. That searcher leaves its count before
 *   its last look, and that busy P is pushed idle before its M's last look; both come after the task
 *   became visible (all of these are sequentially consistent), so one of them finds it.
 *   W4  A producer that took the searcher's place and then found no idle P looks at every queue after
 *       it has left the count, as in W3: another producer may have counted on it.
 *   A lone runnext is the exception: its P's own M runs it when the current goroutine parks. If that
 *   takes long while a P is idle, sysmon marks it overdue, which lets a thief take it.
 * Timers
 *   T1  One idle M is the keeper: it publishes when it wakes, then reads every heap again.
 *   T2  Whoever adds a timer makes it visible in a heap, then reads the keeper and its instant.
 *       One of the two sees the other. Without a keeper but with an idle P, an M is woken instead.
 * Checked by  proof: WakesModelTest (W1 to W4), WakeOrder (W1, W3), KeeperOrder (T1, T2).
 * Searchers   At most half of the busy Ps may have one.
 * Why not     A wake-up for every ready: 100-300 ns a round trip of an unbuffered channel
 *             (docs/performance.md). One shared queue: contention and cold caches.
 * Sources     Go proc.go (runtime scheduler comment, wakep, findRunnable).
 */
/** The own scheduler. */
public final class ProcSched extends Sched {
  private static final long COMPLAINT_NANOS = 10_000_000_000L;
  private static final long RETRY_NANOS = 1_000_000;

  final JdkPool pool = new JdkPool(this);
  private final StartPool startPool = new StartPool(this);
  final GlobalQueue global = new GlobalQueue();
  final AtomicInteger searchers = new AtomicInteger();
  final AtomicReference<@Nullable M> keeper = new AtomicReference<>();
  final IdleStack<P> idleP = new PStack();
  final IdleStack<M> idleM = new MStack();
  final ClassLoader contextLoader;
  final Registry registry = new Registry();
  final Object container;

  private final IdleStack<P> spareP = new PStack();
  private final SchedConfig config;

  /** Grows only; index i is the P or M with that index. Written under {@code grow}. */
  private volatile P[] allp = new P[0];

  private volatile M[] allm = new M[0];

  /** Indices whose M has ended. Guarded by {@code grow}. */
  private final BitSet freeM = new BitSet();

  private final SpinLock grow = new SpinLock();

  private final SpinLock resize = new SpinLock();
  private volatile int procs;
  private volatile int searchRounds;

  /** Says how many Ps there should be; null once somebody has set the number. */
  private volatile @Nullable IntSupplier follows;

  /** Ps to be given up by the next Ms that pass through the scheduler. */
  private final AtomicInteger excess = new AtomicInteger();

  /** Goroutines that were blocked for ever and collected. */
  private final AtomicLong reclaimed = new AtomicLong();

  /** Goroutines spawned by threads that hold no P of this scheduler. */
  private final AtomicLong createdOutside = new AtomicLong();

  private final AtomicInteger threads = new AtomicInteger();

  /** An M was wanted in vain. */
  private volatile boolean outOfThreads;

  private volatile @Nullable String whyNoThread;

  /** From when a new thread is worth another try. */
  private volatile long retryAt;

  /** Sysmon: when that was last said. */
  private long complained = Clock.nanoTime() - COMPLAINT_NANOS;

  private final Closing closing = new Closing(this);
  private final Watchdog watchdog = new Watchdog(this);

  /** Null until the first socket. Written under {@code grow}. */
  volatile @Nullable Netpoller netpoller;

  /** When an M or sysmon last asked it. */
  volatile long lastPoll;

  /** Makes a scheduler; its threads start when there is work. */
  ProcSched(SchedConfig config) {
    super(config.name());
    Memory.prepare();
    container =
        VirtualThreads.container(
            "raddle-" + config.name(), () -> registry.threads().stream().map(t -> t.thread));
    this.config = config;
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    contextLoader = loader == null ? ClassLoader.getSystemClassLoader() : loader;
    addProcs(config.processors());
    procs = config.processors();
    searchRounds = config.rounds(procs);
    follows = config.follows();
    Sysmon.watch(this);
  }

  /** Makes a scheduler beside the default one. */
  public static ProcSched isolated(SchedConfig config) {
    PollerStart.ensure();
    return new ProcSched(config);
  }

  P[] allp() {
    return allp;
  }

  M[] allm() {
    return allm;
  }

  int[] cpus() {
    return config.cpus();
  }

  int searchRounds() {
    return searchRounds;
  }

  boolean reuseThreads() {
    return config.reuseThreads();
  }

  // ---- making runnable ----

  @Override
  public void spawn(G g) {
    Inherited.pass(g);
    M m = M.current();
    P p = m != null && m.sched == this ? m.usableP() : null;
    if (p == null || m == null) {
      spawnOutside(g);
      return;
    }
    adopt(g, p.newId(), m);
    p.countCreated();
    if (enqueueNew(p, g, g.priority(), m)) {
      gosched(); // a spawner that outruns the rest lets them catch up: bounds the backlog
    }
  }

  /** On {@code m}, which holds {@code p}. Returns whether the queue overflowed. */
  private boolean enqueueNew(P p, Runnable task, int priority, M m) {
    if (priority == G.NORMAL && idleP.isEmpty() && m.isMounted()) {
      p.ready(task);
      return false;
    }
    boolean overflowed = p.append(task); // where another M can take it at once
    wakep();
    return overflowed;
  }

  @Override
  public Thread newThread(Runnable task, String name, int priority) {
    var g = new ThreadG(task);
    g.priority(priority);
    Inherited.pass(g);
    return new GThread(startPool, g, name).thread;
  }

  /**
   * The thread of a {@link ThreadG} was started: from now on it is a goroutine.
   *
   * @throws RejectedExecutionException if the scheduler is closed: then the start fails
   */
  void threadStarted(GThread thread, ThreadG g) {
    g.takeName(thread.thread);
    M m = M.current();
    P p = m != null && m.sched == this ? m.usableP() : null;
    if (p == null || m == null) {
      try {
        adoptOutside(g);
      } catch (IllegalStateException closed) {
        throw new RejectedExecutionException(closed.getMessage(), closed);
      }
      thread.register(this, g, 0);
      pushGlobal(thread, g.priority());
      return;
    }
    adopt(g, p.newId(), m);
    p.countCreated();
    thread.register(this, g, m.index());
    enqueueNew(p, thread, g.priority(), m);
  }

  @Override
  public void spawnForked(G g) {
    M m = M.current();
    if (m != null && m.sched == this) {
      spawnForked(g, m);
    } else {
      Inherited.pass(g);
      spawnOutside(g);
    }
  }

  /** On {@code m}, which is of this scheduler. */
  void spawnForked(G g, M m) {
    Inherited.pass(g);
    P p = m.usableP();
    if (p == null) {
      spawnForkedLate(g, m);
      return;
    }
    forkOn(p, g, m);
  }

  private void forkOn(P p, G g, M m) {
    adopt(g, 0, m);
    p.append(g);
    wakep();
  }

  /**
   * The P was handed off because the goroutine runs for long. It goes on with an idle one, or waits
   * its turn: without a P its joiner could not take the jobs back, and they would pile up.
   */
  private void spawnForkedLate(G g, M m) {
    P held = m.p;
    if (held != null && m.current != null && !m.inScheduler()) {
      if (!regain(held)) {
        Thread.yield();
      }
      M now = M.current();
      P p = now == null || now.sched != this ? null : now.usableP();
      if (now != null && p != null) {
        forkOn(p, g, now);
        return;
      }
    }
    spawnOutside(g);
  }

  /** Whether a P has no work: it is idle, or its M searches. */
  boolean someoneIsHungry() {
    return !idleP.isEmpty() || searchers.get() > 0;
  }

  private void spawnOutside(G g) {
    adoptOutside(g);
    pushGlobal(g, g.priority());
  }

  private void adoptOutside(G g) {
    adopt(g, nextIds(1), M.current());
    if (g.counts()) {
      createdOutside.incrementAndGet(); // before the look at sealed, see Closing
    }
    if (closing.isSealed()) {
      if (g.counts()) {
        createdOutside.decrementAndGet();
      }
      throw new IllegalStateException("scheduler " + name() + " is closed");
    }
  }

  private void adopt(G g, long id, @Nullable M spawner) {
    g.sched = this;
    g.id = id;
    GThread by = spawner == null ? null : spawner.current;
    G parent = by == null ? null : by.g();
    g.parent = parent == null ? 0 : parent.id;
    if (Note.recordsSites()) {
      g.note(g.note().withSite(Note.caller()));
    }
  }

  /** A virtual thread of this scheduler can run. */
  void resume(Runnable task) {
    M m = M.current();
    if (m != null && m.sched == this) {
      if (m.takesStart()) {
        return;
      }
      P p = m.usableP();
      if (p != null) {
        if (m.inScheduler()) {
          p.append(task); // it yielded, was woken while it parked, or its timer fired
        } else {
          p.ready(task);
        }
        return;
      }
    }
    pushGlobal(task, P.priorityOf(task));
  }

  private void pushGlobal(Runnable task, int priority) {
    global.push(priority, task);
    if (isClosed()) {
      closing.bequeath();
    } else {
      wakep();
    }
  }

  /** Wakes an M to look for work, if a P is idle and nobody looks already. */
  void wakep() {
    while (searchers.get() == 0 && !idleP.isEmpty() && searchers.compareAndSet(0, 1)) {
      P p = idleP.pop();
      if (p != null) {
        p.status(P.RUNNING);
        startM(p);
        return;
      }
      searchers.decrementAndGet();
      if (!hasWork()) { // W4
        return;
      }
    }
  }

  /** W2: a searcher has found work and left the count. Wakes the next one if there is more. */
  void wakeNext() {
    if (searchers.get() == 0 && !idleP.isEmpty() && hasWork()) {
      wakep();
    }
  }

  /** Grants a P, already RUNNING and its M counted as a searcher, to an M. */
  void startM(P p) {
    M m = idleM.pop();
    if (m == null) {
      m = keeper.getAndSet(null);
    }
    if (m != null) {
      m.grant(p);
      m.wake();
    } else {
      newM(p);
    }
  }

  private void newM(P p) {
    if (threads.incrementAndGet() > config.maxThreads()) {
      threads.decrementAndGet();
      withoutThread(p, "limit " + config.maxThreads());
      return;
    }
    M m = null;
    try {
      m = addM();
      m.grant(p);
      m.start();
      outOfThreads = false;
    } catch (OutOfMemoryError full) { // of the heap, or of the system's threads
      if (m == null) {
        threads.decrementAndGet();
      } else {
        exited(m);
      }
      withoutThread(p, full.getMessage());
    }
  }

  private M addM() {
    grow.lock();
    try {
      int index = freeM.isEmpty() ? allm.length : freeM.nextSetBit(0);
      M[] all = Arrays.copyOf(allm, Math.max(allm.length, index + 1));
      M m = new M(this, index);
      all[index] = m;
      freeM.clear(index);
      allm = all;
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
    idleP.push(p);
    searchers.decrementAndGet();
    retryAt = Clock.nanoTime() + RETRY_NANOS;
    whyNoThread = why;
    outOfThreads = true;
  }

  /** Sysmon: wakes an M for what waited for want of a thread. */
  boolean retryThreads() {
    boolean back = !idleM.isEmpty() || keeper.get() != null;
    boolean mayBeNew = threads.get() < config.maxThreads() && Clock.nanoTime() - retryAt > 0;
    if (!outOfThreads || !(back || mayBeNew)) {
      return false;
    }
    outOfThreads = false;
    wakeNext();
    return true;
  }

  boolean maySearch() {
    return 2 * searchers.get() < procs - idleP.size();
  }

  /** Whether any queue holds something that an M with a P could take. */
  boolean hasWork() {
    if (!global.isEmpty()) {
      return true;
    }
    for (P p : allp) {
      if (p.hasStealable()) {
        return true;
      }
    }
    return false;
  }

  void woke() {
    Sysmon.kick();
  }

  /** Gives it the poller of its sockets, before the first of them, if it has none. */
  public Netpoller netpoller(Netpoller candidate) {
    grow.lock();
    try {
      Netpoller now = netpoller;
      if (now != null) {
        return now;
      }
      lastPoll = Clock.nanoTime();
      netpoller = candidate;
    } finally {
      grow.unlock();
    }
    if (isClosed()) {
      candidate.close();
      return candidate;
    }
    M k = keeper.get();
    if (k != null) {
      k.wake(); // from now on it sleeps in the poller
    } else {
      wakep(); // somebody has to be the keeper
    }
    return candidate;
  }

  /** Its poller; null when it has none yet. */
  public @Nullable Netpoller netpoller() {
    return netpoller;
  }

  // ---- timers ----

  @Override
  public void addTimer(Timer t) {
    M m = M.current();
    P p = m != null && m.sched == this ? m.p : null;
    (p != null ? p : allp[0]).timers.add(t);
    if (isClosed()) {
      closing.bequeath();
      return;
    }
    M k = keeper.get();
    if (k != null) {
      long wakes = k.wakesAt;
      if (wakes == TimerHeap.NONE || t.when() - wakes < 0) {
        k.wake();
      }
    } else if (!idleP.isEmpty()) {
      wakep();
    }
  }

  /** The earliest due instant of all timers, or {@link TimerHeap#NONE}. */
  long nextTimer() {
    long first = TimerHeap.NONE;
    for (P p : allp) {
      long next = p.timers.next();
      if (next != TimerHeap.NONE && (first == TimerHeap.NONE || next - first < 0)) {
        first = next;
      }
    }
    return first;
  }

  // ---- number of Ps, hand-off ----

  @Override
  public int gomaxprocs(int n) {
    if (n > SchedConfig.MAX_PROCESSORS) {
      throw new IllegalArgumentException(
          "gomaxprocs: expected at most " + SchedConfig.MAX_PROCESSORS + ", found " + n);
    }
    if (n <= 0) {
      return procs;
    }
    follows = null;
    return resizeTo(n);
  }

  @Override
  public void defaultGomaxprocs() {
    follows = config.follows();
    IntSupplier now = config.follows();
    resizeTo(now == null ? config.processors() : now.getAsInt());
  }

  private int resizeTo(int n) {
    resize.lock();
    int before = procs;
    try {
      procs = n;
      searchRounds = config.rounds(n);
      if (n < before) {
        excess.addAndGet(before - n);
      } else {
        addProcs(n - before);
      }
    } finally {
      resize.unlock();
    }
    if (n < before) {
      retireIdle();
    } else if (hasWork()) {
      wakep();
    }
    return before;
  }

  private void addProcs(int count) {
    for (int i = 0; i < count; i++) {
      if (!claimExcess()) {
        P p = spareOrNew();
        p.status(P.IDLE);
        idleP.push(p);
      }
    }
  }

  private void retireIdle() {
    while (claimExcess()) {
      P p = idleP.pop();
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
    spareP.push(p);
  }

  private P spareOrNew() {
    P spare = spareP.pop();
    if (spare != null) {
      return spare;
    }
    grow.lock();
    try {
      P[] old = allp;
      P p = new P(this, old.length, config.queueCapacity());
      P[] all = Arrays.copyOf(old, old.length + 1);
      all[old.length] = p;
      allp = all;
      return p;
    } finally {
      grow.unlock();
    }
  }

  /** Sysmon: gives the right to run of a P whose goroutine hogs or blocks to another P. */
  void handOff(P p) {
    P fresh = spareOrNew();
    if (!p.casStatus(P.RUNNING, P.DETACHED)) {
      spareP.push(fresh);
    } else {
      fresh.status(P.RUNNING);
      searchers.incrementAndGet();
      startM(fresh);
    }
  }

  /** After a hand-off: takes the right to run of an idle P. False if there is none. */
  boolean regain(P held) {
    P idle = idleP.pop();
    if (idle == null) {
      return false;
    }
    toSpare(idle);
    held.status(P.RUNNING); // only its own M takes a P out of DETACHED
    return true;
  }

  // ---- the rest ----

  @Override
  public void gosched() {
    Thread.yield();
  }

  @Override
  public long live() {
    P[] all = allp;
    long finished = reclaimed.get();
    for (P p : all) {
      finished += p.finished();
    }
    long created = createdOutside.get(); // after the ends: the result is never too small
    for (P p : allp) {
      created += p.created();
    }
    return created - finished;
  }

  /** Sysmon: counts the goroutines that the garbage collector took. */
  void reap() {
    int gone = registry.reap();
    if (gone > 0) {
      reclaimed.addAndGet(gone);
    }
  }

  @Override
  public long reclaimed() {
    return reclaimed.get();
  }

  /** No P runs, nothing is queued, no timer is armed: only another thread could wake anything. */
  boolean isQuiet() {
    for (P p : allp) {
      if (p.status() == P.RUNNING || p.status() == P.DETACHED) {
        return false;
      }
    }
    return !hasWork() && nextTimer() == TimerHeap.NONE;
  }

  @Override
  public void forEachStarted(Consumer<G> visitor) {
    registry.forEach(visitor);
  }

  boolean isClosed() {
    return closing.isDone();
  }

  boolean isClosing() {
    return closing.isUnderWay();
  }

  /** Sysmon: closes when asked to and every goroutine has ended. */
  void checkClosing() {
    closing.check();
  }

  @Override
  public void close() throws InterruptedException {
    M m = M.current();
    if (m != null && m.sched == this) {
      throw new IllegalStateException(
          "scheduler " + name() + ": close() expected outside of its goroutines, called inside");
    }
    closing.close();
  }

  void closePools() {
    pool.close();
    startPool.close();
  }

  /** Ends every M. Returns whether the caller was interrupted meanwhile. */
  boolean joinAll() {
    for (M each : allm) {
      each.wake();
    }
    boolean interrupted = false;
    for (M each : allm) {
      interrupted |= each.joined();
    }
    return interrupted;
  }

  /** An M ends: with the scheduler, retired, or because a goroutine ended locked to it. */
  void exited(M m) {
    threads.decrementAndGet();
    grow.lock();
    try {
      freeM.set(m.index());
    } finally {
      grow.unlock();
    }
  }

  /** How many Ms exist. */
  int threads() {
    return threads.get();
  }

  /** The idle M that minds the timers, for the watchdog's report. */
  String keeperName() {
    M k = keeper.get();
    return k == null ? "none" : k.getName();
  }

  /** What each M does, for the watchdog's report. */
  void describeThreads(StringBuilder out) {
    for (M m : allm) {
      if (m.isAlive()) {
        out.append(m.getName()).append(' ').append(m.getState()).append(" p=").append(m.p);
        for (StackTraceElement e : m.getStackTrace()) {
          out.append("\n\tat ").append(e);
        }
        out.append('\n');
      }
    }
  }

  /** Sysmon, once a second: here, because a logger may be made, and the heap may be full. */
  private void complain(long now) {
    if (outOfThreads && now - complained > COMPLAINT_NANOS) {
      complained = now;
      System.getLogger("dev.raddle")
          .log(
              System.Logger.Level.ERROR,
              "scheduler {0}: no thread for goroutines that could run ({1}): they wait for one."
                  + " Are there too many blocking calls at the same time?",
              name(),
              whyNoThread);
    }
  }

  /** Sysmon, once a second. */
  void upkeep() {
    complain(Clock.nanoTime());
    watchdog.look(Clock.nanoTime());
    IntSupplier now = follows;
    if (now != null) {
      int n = now.getAsInt();
      if (n != procs) {
        resizeTo(n);
      }
    }
    searchRounds = config.rounds(procs); // the CPUs may be fewer now
    retireIdleM();
  }

  /** Ends an idle M when there are more of them than Ps. */
  private void retireIdleM() {
    if (idleM.size() > procs) {
      M m = idleM.pop();
      if (m != null) {
        m.retire();
      }
    }
  }

  /** A fault in the scheduler itself: say so loudly, nothing can be trusted any more. */
  static void broken(Thread m, Throwable t) {
    try {
      System.err.println("fatal error: the scheduler failed on " + m.getName());
      t.printStackTrace();
    } finally {
      Runtime.getRuntime().halt(3);
    }
  }

  private final class PStack extends IdleStack<P> {
    @Override
    P at(int index) {
      return allp[index];
    }
  }

  /** No lambda: its type would name M, see VirtualThreads.define. */
  private final class MStack extends IdleStack<M> {
    @Override
    M at(int index) {
      return allm[index];
    }
  }
}
