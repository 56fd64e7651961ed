package dev.raddle.internal.sched;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Parker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for {@link ProcSched} where the JDK is closed: one virtual thread of the JDK's
 * scheduler for each goroutine, one thread for the timers. What needs Ps says that it is missing.
 */
public final class JdkSched extends Sched {
  private static final ThreadLocal<G> CURRENT = new ThreadLocal<>();

  private final AtomicLong live = new AtomicLong();

  /** Jobs that have been forked and whose threads have not ended. */
  private final AtomicInteger forked = new AtomicInteger();

  private final Set<G> started = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Closer> closer = new AtomicReference<>();
  private final TimerHeap timers = new TimerHeap();
  private volatile boolean closed;
  private @Nullable Thread timerThread; // guarded by this

  JdkSched(String name) {
    super(name);
  }

  static @Nullable G ofThread() {
    return CURRENT.get();
  }

  @Override
  public void spawn(G g) {
    if (closed) {
      throw new IllegalStateException("scheduler " + name() + " is closed");
    }
    Inherited.pass(g);
    adopt(g, ofThread());
    String name = g.name();
    var builder = Thread.ofVirtual();
    (name == null ? builder : builder.name(name)).start(() -> runOnThread(g));
  }

  private void adopt(G g, @Nullable G parent) {
    g.sched = this;
    g.id = nextIds(1);
    g.parent = parent == null ? 0 : parent.id;
    if (Note.recordsSites()) {
      g.note(g.note().withSite(Note.caller()));
    }
    if (g.counts()) {
      live.incrementAndGet();
    } else {
      forked.incrementAndGet();
    }
  }

  /** Counts when the thread begins to run: nothing tells of its start. */
  @Override
  public Thread newThread(Runnable task, int priority, Note note, @Nullable Duration within) {
    var g = new ThreadG(task, note, within);
    g.priority(priority);
    Inherited.pass(g);
    G parent = ofThread();
    Runnable run =
        () -> {
          adopt(g, parent);
          g.started(Thread.currentThread());
          runOnThread(g);
        };
    var builder = Thread.ofVirtual();
    String name = note.name();
    return (name == null ? builder : builder.name(name)).unstarted(run);
  }

  private void runOnThread(G g) {
    try {
      if (g.claim()) {
        CURRENT.set(g);
        started.add(g);
        g.run();
      }
    } finally {
      started.remove(g);
      if (!g.counts()) {
        forked.decrementAndGet();
      } else if (live.decrementAndGet() == 0) {
        checkClosing();
      }
    }
  }

  @Override
  public void spawnForked(G g) {
    spawn(g);
  }

  boolean someoneIsHungry() {
    return forked.get() < SchedConfig.defaultProcessors();
  }

  @Override
  public void gosched() {
    Thread.yield();
  }

  @Override
  public int gomaxprocs(int n) {
    if (n > 0) {
      throw new UnsupportedOperationException(
          "gomaxprocs("
              + n
              + "): expected Raddle's own scheduler, found the JDK's: "
              + whyNotOwn());
    }
    return SchedConfig.defaultProcessors();
  }

  @Override
  public void defaultGomaxprocs() {
    // never changed
  }

  @Override
  public void addTimer(Timer t) {
    timers.add(t);
    if (closed) {
      bequeath();
      return;
    }
    Thread runner;
    synchronized (this) {
      if (timerThread == null) {
        timerThread = Thread.ofPlatform().daemon().name("raddle-timers").start(this::runTimers);
      }
      runner = timerThread;
    }
    if (timers.next() == t.when()) {
      Parker.unpark(runner);
    }
  }

  private void runTimers() {
    while (!closed) {
      timers.runDue(Clock.nanoTime());
      long next = timers.next();
      if (next == TimerHeap.NONE) {
        Parker.park();
      } else {
        Parker.parkNanos(next - Clock.nanoTime());
      }
    }
  }

  @Override
  public long live() {
    return live.get();
  }

  /** The JDK does not say what is queued, nor which carriers run. */
  @Override
  public Census census() {
    long goroutines = started.stream().filter(G::counts).count();
    return new Census(new long[G.CLASSES], goroutines, started.size() - goroutines, 0, 0, 0);
  }

  @Override
  public long reclaimed() {
    return 0; // the set of the started ones holds them
  }

  @Override
  public void close() throws InterruptedException {
    var waiter = new Closer(closer);
    if (!closer.compareAndSet(null, waiter)) {
      throw new IllegalStateException("scheduler " + name() + " is closing or closed already");
    }
    checkClosing();
    waiter.await(WaitReason.CLOSE);
    closed = true;
    forgetDefault();
    Thread runner;
    synchronized (this) {
      runner = timerThread;
    }
    if (runner != null) {
      Parker.unpark(runner);
      if (Parker.join(runner)) {
        Thread.currentThread().interrupt();
      }
    }
    bequeath();
  }

  /** What others still wait for goes to the next default scheduler. */
  private void bequeath() {
    Sched heir = getDefault();
    if (heir != this) {
      timers.drain(heir::addTimer);
    }
  }

  private void checkClosing() {
    Closer waiter = closer.get();
    if (waiter != null && live.get() == 0 && waiter.take()) {
      waiter.ready();
    }
  }

  @Override
  public void forEachStarted(Consumer<G> visitor) {
    started.forEach(visitor);
  }
}
