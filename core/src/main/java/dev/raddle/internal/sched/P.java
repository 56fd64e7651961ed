package dev.raddle.internal.sched;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Memory;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * A processor: the right to run goroutines, with run queues and timers.
 *
 * Roles       The M that holds the P is its owner, and so is the goroutine on that M: they push, pop
 *             and count. Any M steals and runs due timers. Sysmon watches, and hands off.
 * Status      IDLE -> RUNNING       // an M took it from the idle stack
 *             RUNNING -> IDLE       // its M found no work; CAS, because of the next line
 *             RUNNING -> DETACHED   // sysmon: the goroutine hogs or blocks. The right to run goes to
 *                                   // another P; this one stays with its M, as the place of its queues
 *             RUNNING -> SPARE      // gomaxprocs became smaller
 *             DETACHED -> SPARE     // its M is back in the scheduler and has emptied it
 *             SPARE -> IDLE|RUNNING // gomaxprocs became larger, or a hand-off needs a P
 *             IDLE and RUNNING together are gomaxprocs, once a change of it has settled.
 * Why detach  A P that is taken from a running M would have two owners for a moment: the goroutine
 *             may be in the middle of a push. Taking only the right to run away needs no fence on the
 *             hot path. What is left in a detached P is found by stealing.
 * Ordering    R1  queue push (CAS)    <->  an idle M: IDLE store, searching decrement, queue load.
 *             See ProcSched for how no wake-up is lost.
 * Checked by  HandOffTest; proof: PStatus, WakeOrder (R1).
 */
final class P implements IdleStack.Node {
  static final int IDLE = 0;
  static final int RUNNING = 1;
  static final int DETACHED = 2;
  static final int SPARE = 3;

  private static final int ID_BLOCK = 16;

  private static final VarHandle STATUS =
      ConstantBootstraps.fieldVarHandle(lookup(), "status", VarHandle.class, P.class, int.class);
  private static final VarHandle RUNNEXT =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "runnext", VarHandle.class, P.class, Runnable.class);
  private static final VarHandle TICK =
      ConstantBootstraps.fieldVarHandle(lookup(), "tick", VarHandle.class, P.class, int.class);

  private static final VarHandle IN_RUN =
      ConstantBootstraps.fieldVarHandle(lookup(), "inRun", VarHandle.class, P.class, boolean.class);
  private static final VarHandle CREATED =
      ConstantBootstraps.fieldVarHandle(lookup(), "created", VarHandle.class, P.class, long.class);
  private static final VarHandle FINISHED =
      ConstantBootstraps.fieldVarHandle(lookup(), "finished", VarHandle.class, P.class, long.class);

  final ProcSched sched;
  final TimerHeap timers = new TimerHeap();
  private final int index;
  private final RunQueue normal;

  /** The CPUs of whoever holds it; null for any. */
  final int @Nullable [] place;

  /** Stands in for all of the queues; null without a policy. */
  private final @Nullable PolicyQueue policy;

  private volatile @Nullable RunQueue high;
  private volatile @Nullable RunQueue low;
  private volatile int status = SPARE;
  private volatile int below;

  /** Runs next, before the queue; a thief takes it only from a P that cannot run it soon. */
  private volatile @Nullable Runnable runnext;

  /** Sysmon saw the same runnext twice while a P was idle. */
  volatile boolean overdue;

  /** Owner counts; others read estimates. */
  private int tick;

  private int nextStreak;
  private long created;
  private long finished;
  private long nextId;
  private long idEnd;

  /** The owner is inside a goroutine, or in a JDK call that said it blocks. Opaque facts. */
  @SuppressWarnings("UnusedVariable") // accessed through IN_RUN
  private boolean inRun;

  volatile boolean inBlocking;

  /** Owner: the changes of classes that the queues here know of. */
  int classEpoch;

  /** Sysmon's notes. */
  int seenTick;

  long seenSince;
  @Nullable Runnable seenNext;

  P(ProcSched sched, int index, SchedConfig config) {
    this.sched = sched;
    this.index = index;
    this.normal = new RunQueue(config.queueCapacity());
    place = config.place(index);
    RunPolicy by = config.policy();
    policy = by == null ? null : by.newQueue(index);
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

  int status() {
    return status;
  }

  void status(int s) {
    status = s;
  }

  boolean casStatus(int from, int to) {
    return STATUS.compareAndSet(this, from, to);
  }

  boolean isRunning() {
    return status == RUNNING;
  }

  int tick() {
    return (int) TICK.getOpaque(this);
  }

  int advance() {
    int t = tick + 1;
    TICK.setOpaque(this, t);
    return t;
  }

  /** Opaque: sysmon only has to see it some time. */
  void inRun(boolean now) {
    IN_RUN.setOpaque(this, now);
  }

  boolean inRun() {
    return (boolean) IN_RUN.getOpaque(this);
  }

  void countCreated() {
    CREATED.setRelease(this, created + 1);
  }

  void countFinished() {
    FINISHED.setRelease(this, finished + 1);
  }

  long created() {
    return (long) CREATED.getAcquire(this);
  }

  long finished() {
    return (long) FINISHED.getAcquire(this);
  }

  long newId() {
    if (nextId == idEnd) {
      nextId = Sched.nextIds(ID_BLOCK);
      idEnd = nextId + ID_BLOCK;
    }
    return nextId++;
  }

  /** See {@link G#lane}. */
  static int laneOf(Runnable task) {
    if (task instanceof G g) {
      return g.lane();
    }
    return task instanceof GThread t ? t.lane() : G.NORMAL;
  }

  /** Owner: a goroutine became runnable; it runs next. Wakes nobody for a lone hand-off. */
  void ready(Runnable task) {
    if (laneOf(task) != G.NORMAL || policy != null) {
      append(task);
      sched.wakep();
      return;
    }
    Runnable kicked = (Runnable) RUNNEXT.getAndSet(this, task);
    if (kicked != null) {
      append(kicked);
      sched.wakep();
    }
  }

  /** Owner: queues at the tail. Returns whether the queue overflowed. */
  boolean append(Runnable task) {
    if (policy != null && policy.push(task)) {
      return false;
    }
    int lane = laneOf(task);
    if (lane >= G.CLASSES) {
      sched.global.push(task);
      return false;
    }
    RunQueue q = queue(lane);
    boolean overflowed = false;
    while (!q.push(task)) {
      @Nullable Runnable[] half = q.takeHalfIfFull();
      if (half != null) {
        sched.global.pushAll(lane, half);
        overflowed = true;
      }
    }
    return overflowed;
  }

  /** Whether a thief finds something of class NORMAL here. */
  boolean hasQueued() {
    return !normal.isEmpty() || (policy != null && !policy.isEmpty());
  }

  boolean popTail(Runnable task) {
    int lane = laneOf(task);
    return lane < G.CLASSES && queue(lane).popTail(task);
  }

  /**
   * Owner: what to run next of this P's own queues; and of the shared one what is of a higher class
   * than those.
   */
  @Nullable Runnable next() {
    if (policy != null) {
      Runnable task = nextBy(policy);
      if (task != null) {
        return task;
      }
    }
    return Classes.used() || sched.global.hasTimely() ? nextByClass() : nextNormal();
  }

  private @Nullable Runnable nextByClass() {
    GlobalQueue global = sched.global;
    Runnable task = global.pollTimely(G.HIGH);
    RunQueue h = high;
    if (task == null && h != null) {
      task = h.pop();
    }
    if (task == null && !global.isEmpty(G.HIGH)) {
      task = global.pollFifo(G.HIGH, queue(G.HIGH));
    }
    if (task == null) {
      task = global.pollTimely(G.NORMAL);
    }
    if (task == null) {
      task = nextNormal();
    }
    RunQueue l = low;
    if (task == null && l != null) {
      task = global.isEmpty(G.NORMAL) ? null : global.pollFifo(G.NORMAL, normal);
      task = task == null ? l.pop() : task;
    }
    return task;
  }

  private @Nullable Runnable nextNormal() {
    if (runnext != null) {
      // A pair that readies each other in turn must not keep the queue waiting for ever.
      if (++nextStreak < 61 || normal.isEmpty()) {
        Runnable task = takeNext();
        if (task != null) {
          return task;
        }
      } else {
        Runnable task = takeNext();
        if (task != null) {
          append(task);
        }
      }
    }
    nextStreak = 0;
    return normal.pop();
  }

  private @Nullable Runnable nextBy(PolicyQueue by) {
    boolean full = false;
    for (int c = 0; c < G.CLASSES; c++) {
      for (Runnable task; !full && (task = sched.global.poll(c, normal)) != null; ) {
        full = append(task); // of what is no goroutine
      }
    }
    return by.poll();
  }

  /** The queue of a policy; null without one. */
  @Nullable PolicyQueue policy() {
    return policy;
  }

  /** Owner: of one class only. */
  @Nullable Runnable nextOf(int priority) {
    RunQueue q = queueIfAny(priority);
    Runnable task = q == null ? null : q.pop();
    return task == null && priority == G.NORMAL ? takeNext() : task;
  }

  /** Owner: puts what is queued here where it belongs now; see {@link Classes}. */
  void reclassify() {
    for (int c = 0; c < G.CLASSES; c++) {
      RunQueue q = queueIfAny(c);
      if (q != null) {
        appendAgain(q);
      }
    }
    Runnable next = peekNext();
    if (next != null && laneOf(next) != G.NORMAL && (next = takeNext()) != null) {
      append(next);
    }
  }

  private void appendAgain(RunQueue q) {
    for (int n = q.size(); n > 0; n--) {
      Runnable task = q.pop();
      if (task != null) {
        append(task);
      }
    }
  }

  @Nullable Runnable takeNext() {
    if (overdue) {
      overdue = false;
    }
    return runnext == null ? null : (Runnable) RUNNEXT.getAndSet(this, null);
  }

  boolean hasNext() {
    return runnext != null;
  }

  @Nullable Runnable peekNext() {
    return runnext;
  }

  /** Whether there is something that a thief may take. */
  boolean hasStealable() {
    RunQueue h = high;
    RunQueue l = low;
    return !normal.isEmpty()
        || (policy != null && !policy.isEmpty())
        || (h != null && !h.isEmpty())
        || (l != null && !l.isEmpty())
        || (runnext != null && (overdue || status != RUNNING));
  }

  /** Thief: takes from {@code victim}, of one class. */
  @Nullable Runnable stealFrom(P victim, int priority) {
    if (victim.policy != null && priority == G.HIGH) {
      Runnable task = victim.policy.poll();
      if (task != null) {
        return task;
      }
    }
    RunQueue from = victim.queueIfAny(priority);
    if (from != null && !from.isEmpty()) {
      Runnable task = from.stealInto(queue(priority));
      if (task != null) {
        return task;
      }
    }
    if (priority == G.NORMAL && (victim.overdue || victim.status != RUNNING)) {
      return victim.takeNext();
    }
    return null;
  }

  /** Owner: moves everything to the global queue, before the P is given up. */
  void drain() {
    Runnable task = takeNext();
    if (task != null) {
      sched.global.push(task);
    }
    while (policy != null && (task = policy.poll()) != null) {
      sched.global.push(task);
    }
    for (int c = 0; c < G.CLASSES; c++) {
      RunQueue q = queueIfAny(c);
      while (q != null && (task = q.pop()) != null) {
        sched.global.push(task);
      }
    }
  }

  RunQueue queue(int priority) {
    RunQueue q = queueIfAny(priority);
    if (q == null) {
      q = newQueue();
      if (priority == G.HIGH) {
        high = q;
      } else {
        low = q;
      }
    }
    return q;
  }

  private RunQueue newQueue() {
    for (; ; ) {
      try {
        return new RunQueue(normal.capacity());
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      }
    }
  }

  private @Nullable RunQueue queueIfAny(int priority) {
    return priority == G.NORMAL ? normal : priority == G.HIGH ? high : low;
  }

  @Override
  public String toString() {
    String s =
        switch (status) {
          case IDLE -> "idle";
          case RUNNING -> "running";
          case DETACHED -> "detached";
          default -> "spare";
        };
    return "P" + index + " " + s + " tick=" + tick() + " queue=" + normal.size();
  }
}
