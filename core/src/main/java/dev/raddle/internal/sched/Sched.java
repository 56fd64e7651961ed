package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.VirtualThreads;
import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.SpinLock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the rest of Raddle asks of a scheduler, in either mode. */
public abstract class Sched {
  /** Whether schedulers are our own ({@link ProcSched}) or the JDK's ({@link JdkSched}). */
  public static final boolean OWN = Modes.OWN;

  private static final AtomicLong IDS = new AtomicLong();
  private static final SpinLock DEFAULT_LOCK = new SpinLock();
  private static volatile @Nullable Sched defaultSched;

  /** Goroutines that ended, or were shed, after their deadline; and those that were shed. */
  final AtomicLong missed = new AtomicLong();

  final AtomicLong shed = new AtomicLong();

  /** Whether {@link #starting} has anything to do. */
  volatile boolean watchesStarts;

  private volatile boolean cancelled;
  private final String name;
  private volatile BiConsumer<G, Throwable> uncaught = Sched::report;

  Sched(String name) {
    this.name = name;
  }

  /** The scheduler of the current goroutine; elsewhere the default one. */
  public static Sched current() {
    if (OWN) {
      M m = M.current();
      if (m != null) {
        return m.sched;
      }
    } else {
      G g = JdkSched.ofThread();
      if (g != null) {
        return g.scheduler();
      }
    }
    return getDefault();
  }

  /**
   * As {@code current().spawnForked(g)}, with one look for where the caller runs.
   *
   * @param g a job whose spawner will soon join it
   */
  public static void fork(G g) {
    if (OWN) {
      M m = M.current();
      if (m != null) {
        m.sched.spawnForked(g, m);
        return;
      }
    }
    current().spawnForked(g);
  }

  /**
   * How deep jobs that are run in place may nest: the next one gets a stack of its own, and its
   * joiner parks. The JDK freezes what parks by a recursion on the same stack, so that some 3,000
   * interpreted frames overflow 1 MB: this leaves 60 or more of the user's for each job. A tree of
   * jobs that is not deeper pays nothing; fib(30) is not.
   */
  static final int MAX_IN_PLACE = 32;

  /**
   * The caller wants to run an unstarted job on its own stack. Takes the job out of the queue if it
   * was forked last; after that the caller must claim it.
   *
   * @return the current goroutine, to be given to {@link #leaveJob}; null when the caller must wait
   *     instead: it is no goroutine, it is one of another scheduler, its stack is deep already, or
   *     the job has a place of its own in the order of queues
   */
  public static @Nullable G enterJob(G job) {
    G g;
    if (OWN) {
      M m = M.current();
      if (m == null || m.sched != job.sched || m.current == null) {
        return null;
      }
      g = m.current.g();
      if (g == null || g.inPlace >= MAX_IN_PLACE || isApart(job, g)) {
        return null;
      }
      P p = m.p;
      if (p != null) {
        p.popTail(job);
      }
    } else {
      g = JdkSched.ofThread();
      if (g == null || g.sched != job.sched || g.inPlace >= MAX_IN_PLACE || isApart(job, g)) {
        return null;
      }
    }
    g.inPlace++;
    return g;
  }

  /** In place it would run in the joiner's class, and without its deadline. */
  private static boolean isApart(G job, G joiner) {
    return job.isTimely() || (Classes.used() && job.hasOwnClass() && job.own() != joiner.own());
  }

  /** The job has ended, or somebody else has claimed it. */
  public static void leaveJob(G g) {
    g.inPlace--;
  }

  /**
   * Whether the current goroutine should share its work: another P has none, and nothing is queued
   * here that it could take. An estimate, for the price of a few loads.
   */
  public static boolean isHungry() {
    if (OWN) {
      M m = M.current();
      return m != null && m.p != null && !m.p.hasQueued() && m.sched.someoneIsHungry();
    }
    G g = JdkSched.ofThread();
    return g != null && g.sched instanceof JdkSched s && s.someoneIsHungry();
  }

  /**
   * A system call that may block this thread begins, one that reads a disk for example: others get
   * its right to run, as they do for the JDK's own calls.
   *
   * @return whether {@link #blockingEnded} is to be called after it
   */
  public static boolean blockingBegins() {
    M m = OWN ? M.current() : null;
    return m != null && m.beginBlocking();
  }

  /** The call has ended; no other may have begun before. May wait for the right to run. */
  public static void blockingEnded() {
    M.onCarrier().endBlocking();
  }

  /** A small number that goroutines on the same P have in common, for caches by P. */
  public static int shard() {
    M m = OWN ? M.current() : null;
    P p = m == null ? null : m.p;
    return p == null ? (int) Thread.currentThread().threadId() : p.index();
  }

  /** The current goroutine; null on any other thread. */
  public static @Nullable G currentG() {
    if (!OWN) {
      return JdkSched.ofThread();
    }
    M m = M.current();
    return m == null || m.current == null ? null : m.current.g();
  }

  /** The default scheduler, made on first use. */
  public static Sched getDefault() {
    Sched s = defaultSched;
    return s != null ? s : makeDefault();
  }

  private static Sched makeDefault() {
    DEFAULT_LOCK.lock();
    try {
      Sched s = defaultSched;
      if (s == null) {
        s = OWN ? new ProcSched(SchedConfig.ofDefault()) : new JdkSched("default");
        defaultSched = s;
      }
      return s;
    } finally {
      DEFAULT_LOCK.unlock();
    }
  }

  /** Called by a scheduler that closes: the next use of the default one makes a new one. */
  final void forgetDefault() {
    DEFAULT_LOCK.lock();
    try {
      if (this.equals(defaultSched)) {
        defaultSched = null;
      }
    } finally {
      DEFAULT_LOCK.unlock();
    }
  }

  static long nextIds(int count) {
    return IDS.getAndAdd(count) + 1;
  }

  /** How many goroutines had not ended by their deadline. */
  public final long missed() {
    return missed.get();
  }

  /** How many were not started because their deadline had passed. */
  public final long shed() {
    return shed.get();
  }

  /** How many were refused for want of room. */
  public long refused() {
    return 0;
  }

  /** Counts what there is now. */
  public abstract Census census();

  /** How many threads of the operating system it has; 0 if they are not its own. */
  public int threadCount() {
    return 0;
  }

  /** On the thread of {@code g}, before its body. */
  void starting(G g) {
    if (cancelled) {
      g.interruptOnce();
    }
  }

  /** Interrupts every goroutine, once: those that run, and those that start later. */
  public final void cancel() {
    cancelled = true;
    watchesStarts = true;
    interruptStarted();
  }

  /** Those that were about to start when cancel() came may have seen nothing of it. */
  final void interruptStarted() {
    if (cancelled) {
      forEachStarted(new Interrupter());
    }
  }

  /** No lambda, as in Procs: sysmon asks again and again. */
  private static final class Interrupter implements Consumer<G> {
    @Override
    public void accept(G g) {
      g.interruptOnce();
    }
  }

  /** Goroutines that are queued may belong to other classes now. */
  void reclassify() {}

  /** The name, for threads and dumps. */
  public final String name() {
    return name;
  }

  /** Makes a goroutine runnable; it belongs to this scheduler from then on. */
  public abstract void spawn(G g);

  /**
   * Makes an unstarted virtual thread that becomes a goroutine of this scheduler when it is
   * started. It runs nothing else.
   *
   * @param priority its class, see {@link G#priority(int)}
   * @param note its name and labels
   * @param within how long after its start it should have ended; null for no deadline
   */
  public abstract Thread newThread(
      Runnable task, int priority, Note note, @Nullable Duration within);

  /**
   * As {@link #spawn}, for a job whose spawner will soon join it: it is queued where {@link
   * #enterJob} finds it.
   */
  public abstract void spawnForked(G g);

  /** Lets other goroutines run. */
  public abstract void gosched();

  /** Sets the number of Ps when {@code n > 0}. Returns the number before. */
  public abstract int gomaxprocs(int n);

  /** Sets the number of Ps back to what it is by itself, and lets it follow the CPUs again. */
  public abstract void defaultGomaxprocs();

  /** Adds a timer; safe from any thread. */
  public abstract void addTimer(Timer t);

  /** How many goroutines have been spawned and have not ended; an estimate while others run. */
  public abstract long live();

  /** How many goroutines were blocked for ever and collected. */
  public abstract long reclaimed();

  /** Waits until every goroutine has ended, then stops every thread of the scheduler. */
  public abstract void close() throws InterruptedException;

  /** Calls {@code visitor} for every goroutine that has a thread. */
  public abstract void forEachStarted(Consumer<G> visitor);

  /** What happens to a throwable that leaves a goroutine. */
  public final void onUncaught(BiConsumer<G, Throwable> handler) {
    uncaught = handler;
  }

  /**
   * Tells of a throwable that left a goroutine: the handler that its thread was given, else that of
   * the scheduler. What a handler throws is dropped, as the JDK does.
   */
  final void uncaught(G g, Throwable t) {
    try {
      Thread thread = Thread.currentThread();
      Thread.UncaughtExceptionHandler own = thread.getUncaughtExceptionHandler();
      if (own == null || own instanceof ThreadGroup) { // the JDK's way to say none
        uncaught.accept(g, t);
      } else {
        own.uncaughtException(thread, t);
      }
    } catch (Throwable ignored) {
      // the goroutine must still be counted as ended
    }
  }

  /** The default: what the JDK does for any thread. */
  private static void report(G g, Throwable t) {
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    if (handler != null) {
      handler.uncaughtException(thread, t);
    } else {
      System.err.println("Exception in " + g);
      t.printStackTrace();
    }
  }

  /** Why the own scheduler is not in use, and the flag that helps; null when it is in use. */
  public static @Nullable String whyNotOwn() {
    if (OWN) {
      return null;
    }
    return VirtualThreads.open()
        ? "-D" + Modes.PROPERTY + "=jdk asks for the JDK's scheduler"
        : "the JDK keeps java.lang closed; open it with " + VirtualThreads.FLAG;
  }
}
