package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Cpus;
import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.Parker;
import dev.raddle.internal.util.SpinLock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
 *   T3  Timers are in slots, and whoever has a slot looks at its timers. While nobody is the keeper
 *       sysmon minds those of idle Ps: then it looks when the first is due, at the latest.
 * Checked by  proof: WakesModelTest (W1 to W4), WakeOrder (W1, W3), KeeperOrder (T1, T2).
 * Searchers   At most half of the busy Ps may have one.
 * Why not     A wake-up for every ready: 100-300 ns a round trip of an unbuffered channel
 *             (docs/performance.md). One shared queue: contention and cold caches.
 * Sources     Go proc.go (runtime scheduler comment, wakep, findRunnable).
 */
/** The own scheduler. */
public final class ProcSched extends Sched {
  final JdkPool pool = new JdkPool(this);
  final GlobalQueue global = new GlobalQueue();
  final AtomicInteger searchers = new AtomicInteger();
  final AtomicReference<@Nullable M> keeper = new AtomicReference<>();
  final ClassLoader contextLoader;
  final Registry registry = new Registry();
  final Object container;
  final Procs procs;
  final Threads threads;
  final @Nullable Limits limits;

  private static final int REPORT_TRIES = 50_000; // a second

  /** Set before the first thread starts. */
  volatile ThreadHooks hooks = ThreadHooks.NONE;

  private final SchedConfig config;
  private final Spawner spawner = new Spawner(this);

  /** Goroutines that were blocked for ever and collected. */
  private final AtomicLong reclaimed = new AtomicLong();

  private final Closing closing = new Closing(this);
  private final Watchdog watchdog = new Watchdog(this);

  /** How often a goroutine has changed its class, and of how many the shared queue knows. */
  private final AtomicInteger classEpoch = new AtomicInteger();

  private final AtomicInteger globalEpoch = new AtomicInteger();
  private final SpinLock attaching = new SpinLock();

  /** Null until the first socket. Written under {@code attaching}. */
  volatile @Nullable Netpoller netpoller;

  /** When an M or sysmon last asked it. */
  volatile long lastPoll;

  /** Makes a scheduler; its threads start when there is work. */
  ProcSched(SchedConfig config) {
    super(config.name());
    Memory.prepare();
    keeper.compareAndSet(null, keeper.getAndSet(null)); // as SpinLock.rehearse
    if (config.places().length > 0) {
      Cpus.prepare();
    }
    container =
        VirtualThreads.container(
            "raddle-" + config.name(), () -> registry.threads().stream().map(t -> t.thread));
    this.config = config;
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    contextLoader = loader == null ? ClassLoader.getSystemClassLoader() : loader;
    limits = Limits.of(config);
    watchesStarts = limits != null;
    threads = new Threads(this, config.bounds().threads());
    procs = new Procs(this, config);
    Sysmon.watch(this);
  }

  /** Makes a scheduler beside the default one. */
  public static ProcSched isolated(SchedConfig config) {
    PollerStart.ensure();
    return new ProcSched(config);
  }

  /** Tells of its threads; called once, before the first goroutine. */
  public void hooks(@Nullable Consumer<Thread> start, @Nullable Consumer<Thread> stop) {
    hooks = new ThreadHooks(start, stop);
  }

  /** A policy wants to pick every goroutine itself. */
  boolean reuseThreads() {
    return config.reuseThreads() && config.policy() == null;
  }

  @Nullable RunPolicy policy() {
    return config.policy();
  }

  // ---- making runnable ----

  @Override
  public void spawn(G g) {
    spawner.spawn(g);
  }

  @Override
  public Thread newThread(Runnable task, int priority, Note note, @Nullable Duration within) {
    return spawner.newThread(task, priority, note, within);
  }

  @Override
  public void spawnForked(G g) {
    spawner.spawnForked(g);
  }

  /** On {@code m}, which is of this scheduler. */
  void spawnForked(G g, M m) {
    spawner.spawnForked(g, m);
  }

  /** The thread of a {@link ThreadG} was started: from now on it is a goroutine. */
  void threadStarted(GThread thread, ThreadG g) {
    spawner.threadStarted(thread, g);
  }

  /** The P under the caller; null if that does not run here. It may have been handed off. */
  @Nullable P heldP() {
    M m = M.current();
    return m != null && m.sched == this ? m.p : null;
  }

  /** Whether a P has no work: it is idle, or its M searches. */
  boolean someoneIsHungry() {
    return !procs.idle.isEmpty() || searchers.get() > 0;
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
    pushGlobal(task);
  }

  void pushGlobal(Runnable task) {
    global.push(task);
    if (isClosed()) {
      closing.bequeath();
    } else {
      wakep();
    }
  }

  /** Wakes an M to look for work, if a P is idle and nobody looks already. */
  void wakep() {
    while (searchers.get() == 0 && !procs.idle.isEmpty() && searchers.compareAndSet(0, 1)) {
      P p = procs.idle.pop();
      if (p != null) {
        p.status(P.RUNNING);
        threads.start(p);
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
    if (searchers.get() == 0 && !procs.idle.isEmpty() && hasWork()) {
      wakep();
    }
  }

  boolean maySearch() {
    return 2 * searchers.get() < procs.count() - procs.idle.size();
  }

  /** Whether any queue holds something that an M with a P could take. */
  boolean hasWork() {
    if (!global.isEmpty()) {
      return true;
    }
    for (P p : procs.all()) {
      if (p.hasStealable()) {
        return true;
      }
    }
    return false;
  }

  /** An M has a P that runs from now on. */
  void woke() {
    Sysmon.kick();
  }

  /** Gives it the poller of its sockets, before the first of them, if it has none. */
  public Netpoller netpoller(Netpoller candidate) {
    attaching.lock();
    try {
      Netpoller now = netpoller;
      if (now != null) {
        return now;
      }
      lastPoll = Clock.nanoTime();
      netpoller = candidate;
    } finally {
      attaching.unlock();
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
    P p = heldP();
    if (p == null || !p.slot.timers.add(t)) {
      procs.addTimer(t);
    }
    if (isClosed()) {
      closing.bequeath();
      return;
    }
    M k = keeper.get();
    if (k != null) {
      long wakes = k.wakesAt();
      if (wakes == TimerHeap.NONE || t.when() - wakes < 0) {
        k.wake();
      }
    } else if (!procs.idle.isEmpty()) {
      wakep();
    }
  }

  /** The earliest due instant of all timers, or {@link TimerHeap#NONE}. */
  long nextTimer() {
    long first = TimerHeap.NONE;
    for (Slot slot : procs.slots()) {
      long next = slot.timers.next();
      if (next != TimerHeap.NONE && (first == TimerHeap.NONE || next - first < 0)) {
        first = next;
      }
    }
    return first;
  }

  // ---- number of Ps, hand-off ----

  @Override
  public int gomaxprocs(int n) {
    return procs.set(n);
  }

  @Override
  public void defaultGomaxprocs() {
    procs.setDefault();
  }

  // ---- the rest ----

  @Override
  public void gosched() {
    Thread.yield();
  }

  @Override
  public long live() {
    long finished = reclaimed.get();
    for (P p : procs.everyone()) {
      finished += p.finished();
    }
    long created = spawner.outside(); // after the ends: never too small. Proof: LiveCount
    for (P p : procs.everyone()) {
      created += p.created();
    }
    return created - finished;
  }

  /** Sysmon: counts the goroutines that the garbage collector took. */
  void reap() {
    int gone = registry.reap();
    if (gone > 0) {
      reclaimed.addAndGet(gone);
      Limits l = limits;
      if (l != null) {
        l.leave(gone);
      }
    }
  }

  @Override
  public long reclaimed() {
    return reclaimed.get();
  }

  /** No P runs, nothing is queued, no timer is armed: only another thread could wake anything. */
  boolean isQuiet() {
    for (P p : procs.all()) {
      if ((p.status() == P.RUNNING || p.status() == P.DETACHED) && !p.isAsleep()) {
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

  @Override
  void starting(G g) {
    super.starting(g);
    Limits l = limits;
    if (l != null && g.counts()) {
      l.leaveUnstarted();
    }
  }

  @Override
  public long refused() {
    Limits l = limits;
    return l == null ? 0 : l.refused();
  }

  @Override
  public Census census() {
    return Census.of(this);
  }

  @Override
  public int threadCount() {
    return threads.count();
  }

  @Override
  void reclassify() {
    classEpoch.incrementAndGet();
    wakep();
  }

  /** Whether a goroutine has changed its class since {@code held} last followed. */
  boolean classesMoved(P held) {
    return held.classEpoch != classEpoch.get();
  }

  /** On an M with {@code held}: sees to it that what is queued belongs where it is. */
  void followClasses(P held) {
    if (classesMoved(held)) {
      int now = classEpoch.get();
      held.classEpoch = now;
      int seen = globalEpoch.get();
      if (seen != now && globalEpoch.compareAndSet(seen, now)) {
        global.reclassify();
      }
      held.reclassify();
      wakep(); // what was moved could not be seen meanwhile
    }
  }

  /** Whether spawns from outside are refused. */
  boolean isSealed() {
    return closing.isSealed();
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
    spawner.closePool();
  }

  /** The idle M that minds the timers, for the watchdog's report. */
  String keeperName() {
    M k = keeper.get();
    return k == null ? "none" : k.getName();
  }

  /** Sysmon, once a second. */
  void upkeep() {
    long now = Clock.nanoTime();
    threads.complain(now);
    interruptStarted();
    watchdog.look(now);
    procs.follow();
    threads.retireIdle();
  }

  /** A fault in the scheduler itself: say so loudly, nothing can be trusted any more. */
  static void broken(Thread m, Throwable t) {
    try {
      for (int tries = 0; tries < REPORT_TRIES && !reported(m, t); tries++) {
        Parker.stall(true); // a full heap has no room for the report
      }
    } finally {
      Runtime.getRuntime().halt(3);
    }
  }

  private static boolean reported(Thread m, Throwable t) {
    try {
      System.err.println("fatal error: the scheduler failed on " + m.getName());
      t.printStackTrace();
      return true;
    } catch (OutOfMemoryError full) {
      return false;
    }
  }
}
