package dev.raddle.internal.sched;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/*
 * A processor: run queues, and with a Slot the right to run what is in them.
 *
 * Roles       The M that holds the P is its owner, and so is the goroutine on that M: they push, pop
 *             and count. Any M steals and runs due timers. Sysmon watches, and hands off.
 * Status      IDLE -> RUNNING       // an M took it from the idle stack
 *             RUNNING -> IDLE       // its M found no work; CAS, because of the next line
 *             RUNNING -> DETACHED   // sysmon: the goroutine hogs or blocks. The slot goes to another P;
 *                                   // this one stays with its M, as the place of its queues.
 *                                   // Or its M: gomaxprocs became smaller. CAS, one of the two wins
 *             DETACHED -> SPARE     // its M is back in the scheduler and has emptied it
 *             SPARE -> IDLE|RUNNING // gomaxprocs became larger, or a hand-off needs a P
 *             IDLE and RUNNING together are gomaxprocs, once a change of it has settled.
 * Why detach  A P that is taken from a running M would have two owners for a moment: the goroutine
 *             may be in the middle of a push. Taking only the right to run away needs no fence on the
 *             hot path. What is in a detached P goes to the shared queue, at once and as often as
 *             sysmon finds more: left there, it would wait until somebody has nothing else to do.
 * Slot        Written by whoever takes the P out of SPARE, before the status, and by its M that takes
 *             over another. Its index is in the word of the status too, so that a hand-off takes the
 *             slot with which the P ran and not one that its M has got since. A detached P keeps a
 *             stale one: timers that its M adds there are where the right to run is, or are refused.
 * Slice       A goroutine that runs out of runnext goes on with the time slice of the one that readied
 *             it, as in Go: a pair that readies each other in turn has one slice. When sysmon sees it
 *             used up while others wait, the next runnext goes to the end of the shared queue, as in
 *             Go the preempted goroutine would. By number, so that a late sign of sysmon means no
 *             later slice.
 * Ordering    R1  queue push (CAS)    <->  an idle M: IDLE store, searching decrement, queue load.
 *             See ProcSched for how no wake-up is lost.
 * Checked by  HandOffTest, SliceTest; proof: PStatus, WakeOrder (R1).
 */
final class P implements IdleStack.Node {
  static final int IDLE = 0;
  static final int RUNNING = 1;
  static final int DETACHED = 2;
  static final int SPARE = 3;

  private static final int STATUS_BITS = 2;
  private static final int STATUS_MASK = (1 << STATUS_BITS) - 1;

  private static final int ID_BLOCK = 16;

  /** Under a policy, one pick of so many goes to what the policy does not know of. Not tuned. */
  private static final int OTHERS_TICK = 8;

  private static final VarHandle STATUS =
      ConstantBootstraps.fieldVarHandle(lookup(), "status", VarHandle.class, P.class, int.class);
  private static final VarHandle RUNNEXT =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "runnext", VarHandle.class, P.class, Runnable.class);
  private static final VarHandle TICK =
      ConstantBootstraps.fieldVarHandle(lookup(), "tick", VarHandle.class, P.class, int.class);
  private static final VarHandle SLICE =
      ConstantBootstraps.fieldVarHandle(lookup(), "slice", VarHandle.class, P.class, int.class);

  private static final VarHandle IN_RUN =
      ConstantBootstraps.fieldVarHandle(lookup(), "inRun", VarHandle.class, P.class, boolean.class);
  private static final VarHandle CREATED =
      ConstantBootstraps.fieldVarHandle(lookup(), "created", VarHandle.class, P.class, long.class);
  private static final VarHandle FINISHED =
      ConstantBootstraps.fieldVarHandle(lookup(), "finished", VarHandle.class, P.class, long.class);

  final ProcSched sched;
  private final int index;
  private final RunQueue normal;

  /** The right to run, while the status is RUNNING or IDLE. */
  Slot slot;

  /** Stands in for the queues but for forked jobs; null without a policy. */
  private final @Nullable PolicyQueue policy;

  private volatile @Nullable RunQueue high;
  private volatile @Nullable RunQueue low;

  /** {@code slot's index:30 | status:2}. */
  private volatile int status = SPARE;

  private volatile int below;

  /** Runs next, before the queue; a thief takes it only from a P that cannot run it soon. */
  private volatile @Nullable Runnable runnext;

  /** Sysmon saw the same runnext twice while a P was idle. */
  volatile boolean overdue;

  /** Owner counts; others read estimates. */
  private int tick;

  /** Time slices begun: {@link #tick} without what inherited its slice. */
  private int slice;

  /** Owner: what was picked last came out of runnext. */
  private boolean inherits;

  /** Sysmon: this slice is used up. */
  private volatile int usedUp = -1;

  private int nextStreak;
  private long created;
  private long finished;
  private long nextId;
  private long idEnd;

  /** The owner is inside a goroutine, or in a JDK call that said it blocks. Opaque facts. */
  @SuppressWarnings("UnusedVariable") // accessed through IN_RUN
  private boolean inRun;

  volatile boolean inBlocking;

  /** Owner: the wait of a goroutine that is locked to its thread; each end of one is a tick. */
  private volatile @Nullable Waiter lockedWait;

  /** Owner: the changes of classes that the queues here know of. */
  int classEpoch;

  /** Sysmon's notes. */
  int seenTick;

  long seenSince;
  int seenSlice;
  long sliceSince;
  @Nullable Runnable seenNext;

  P(ProcSched sched, int index, SchedConfig config, Slot slot) {
    this.sched = sched;
    this.index = index;
    this.normal = new RunQueue(config.queueCapacity());
    this.slot = slot;
    RunPolicy by = config.policy();
    policy = by == null ? null : by.newQueue(index);
    rehearse();
  }

  /** As that of {@link SpinLock}; changes nothing. */
  private void rehearse() {
    casStatus(status(), status());
    tick(tick());
    SLICE.setOpaque(this, slice());
    inRun(inRun());
    CREATED.setRelease(this, created());
    FINISHED.setRelease(this, finished());
    swapNext(null);
    takeNext(Thread.currentThread());
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
    return status & STATUS_MASK;
  }

  /** Whoever has the P alone. */
  void status(int s) {
    status = word(slot.index, s);
  }

  /** Its M. */
  boolean casStatus(int from, int to) {
    return STATUS.compareAndSet(this, word(slot.index, from), word(slot.index, to));
  }

  /** Anyone: the slot with which it runs, or -1. */
  int runsIn() {
    int w = status;
    return (w & STATUS_MASK) == RUNNING ? w >>> STATUS_BITS : -1;
  }

  /** Anyone: takes that slot from it. False when it has not got it any more. */
  boolean detach(int slotIndex) {
    return STATUS.compareAndSet(this, word(slotIndex, RUNNING), word(slotIndex, DETACHED));
  }

  private static int word(int slotIndex, int status) {
    return slotIndex << STATUS_BITS | status;
  }

  boolean isRunning() {
    return (status & STATUS_MASK) == RUNNING;
  }

  /** The CPUs of whoever holds it; null for any. */
  int @Nullable [] place() {
    return slot.place();
  }

  int tick() {
    return (int) TICK.getOpaque(this);
  }

  /** Owner: what was picked begins to run. Wraps to 0: who divides a tick counts on its sign. */
  void advance() {
    TICK.setOpaque(this, tick + 1 & Integer.MAX_VALUE);
    if (inherits) {
      inherits = false;
    } else {
      SLICE.setOpaque(this, slice + 1);
    }
  }

  /** So many have run; for tests. */
  void tick(int count) {
    TICK.setOpaque(this, count);
  }

  int slice() {
    return (int) SLICE.getOpaque(this);
  }

  /** Sysmon: {@code slice} has taken long, and others wait. */
  void useUp(int slice) {
    usedUp = slice;
  }

  void lockedWait(@Nullable Waiter w) {
    if (w == null) {
      advance();
    }
    lockedWait = w;
  }

  /** Whether the goroutine here blocks its thread in a wait that nobody has ended. */
  boolean isAsleep() {
    Waiter w = lockedWait;
    return w != null && !w.isDone();
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
    Runnable kicked = swapNext(task);
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

  /** Whether a thief finds something here, of any class. */
  boolean hasQueued() {
    RunQueue h = high;
    RunQueue l = low;
    return !normal.isEmpty()
        || (policy != null && !policy.isEmpty())
        || (h != null && !h.isEmpty())
        || (l != null && !l.isEmpty());
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
    return policy == null ? nextByDefault() : nextBy(policy);
  }

  private @Nullable Runnable nextByDefault() {
    return looksAtClasses() ? nextByClass() : nextNormal();
  }

  /** Whether there may be anything but goroutines of class NORMAL without a deadline. */
  boolean looksAtClasses() {
    return Classes.used() || sched.global.hasTimely();
  }

  private @Nullable Runnable nextByClass() {
    GlobalQueue global = sched.global;
    Runnable task = global.pollTimely(G.HIGH);
    RunQueue h = high;
    if (task == null && h != null) {
      task = h.pop();
    }
    if (task == null) {
      task = global.pollFifo(G.HIGH, this);
    }
    if (task == null) {
      task = highOfAnother();
    }
    if (task == null) {
      task = global.pollTimely(G.NORMAL);
    }
    if (task == null) {
      task = nextNormal();
    }
    RunQueue l = low;
    if (task == null && l != null) {
      task = global.pollFifo(G.NORMAL, normal);
      task = task == null ? l.pop() : task;
    }
    return task;
  }

  /**
   * From one other P a pick, by turns: its own goroutine may run for long. All of them would be
   * dear, and its owner and whoever has no work look, too.
   */
  private @Nullable Runnable highOfAnother() {
    P[] all = sched.procs.all();
    P other = all[tick % all.length];
    RunQueue theirs = other.high;
    return theirs == null || other == this || theirs.isEmpty()
        ? null
        : theirs.stealInto(queue(G.HIGH));
  }

  private @Nullable Runnable nextNormal() {
    if (runnext != null) {
      // A pair that readies each other in turn must not keep the queue waiting for ever.
      boolean ends = usedUp == slice;
      if (!ends && (++nextStreak < 61 || normal.isEmpty())) {
        Runnable task = takeNext();
        if (task != null) {
          inherits = true;
          return task;
        }
      } else {
        Runnable task = takeNext();
        if (task != null && ends) {
          sched.pushGlobal(task);
        } else if (task != null) {
          append(task);
        }
      }
    }
    nextStreak = 0;
    inherits = false;
    return normal.pop();
  }

  /** By turns, so that neither waits for ever while the other has something. */
  private @Nullable Runnable nextBy(PolicyQueue by) {
    takeShared();
    boolean othersFirst = tick % OTHERS_TICK == 0;
    Runnable task = othersFirst ? nextByDefault() : by.poll();
    if (task == null) {
      task = othersFirst ? by.poll() : nextByDefault();
    }
    return task;
  }

  /**
   * Gives the policy what came from outside. Forked jobs that overflowed come back only while there
   * is room for some, or each pick would move half a queue to and fro.
   */
  private void takeShared() {
    GlobalQueue global = sched.global;
    int most = normal.capacity() / 2;
    for (int c = 0; c < G.CLASSES; c++) {
      for (int n = 0; !global.isEmpty(c) && (n == 0 || queue(c).size() + n < most); n++) {
        Runnable task = global.poll(c, queue(c));
        if (task != null) {
          append(task);
        }
      }
    }
  }

  /** The queue of a policy; null without one. */
  @Nullable PolicyQueue policy() {
    return policy;
  }

  /** Owner: of one class only, in the order of the queue. */
  @Nullable Runnable nextOf(int priority) {
    Runnable next = priority == G.NORMAL ? takeNext() : null;
    if (next != null) {
      append(next); // else whatever is in that place could keep the queue waiting, or the reverse
    }
    RunQueue q = queueIfAny(priority);
    return q == null ? null : q.pop();
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
    return runnext == null ? null : swapNext(null);
  }

  private @Nullable Runnable swapNext(@Nullable Runnable task) {
    return (Runnable) RUNNEXT.getAndSet(this, task);
  }

  /** Thief: takes what it saw there, if it is still there. */
  @Nullable Runnable takeNext(Runnable seen) {
    return RUNNEXT.compareAndSet(this, seen, null) ? seen : null;
  }

  boolean hasNext() {
    return runnext != null;
  }

  @Nullable Runnable peekNext() {
    return runnext;
  }

  /** Whether there is something that a thief may take. */
  boolean hasStealable() {
    return hasQueued() || (runnext != null && (overdue || !isRunning()));
  }

  /** Any thread: adds how many of each class are queued here, an estimate. */
  void countRunnable(long[] byClass) {
    for (int c = 0; c < G.CLASSES; c++) {
      RunQueue q = queueIfAny(c);
      byClass[c] += q == null ? 0 : q.size();
    }
    byClass[G.NORMAL] += (runnext == null ? 0 : 1) + (policy == null ? 0 : policy.size());
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
    if (priority == G.NORMAL && (victim.overdue || !victim.isRunning())) {
      return victim.takeNext();
    }
    return null;
  }

  /** Owner, before the P is idle or spare: refers to nothing that has gone. */
  void forget() {
    for (int c = 0; c < G.CLASSES; c++) {
      RunQueue q = queueIfAny(c);
      if (q != null) {
        q.forget();
      }
    }
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
    forget();
  }

  /** Any thread, of a detached P: moves everything to the shared queue. */
  void evacuate() {
    Runnable next = takeNext();
    if (next != null) {
      sched.global.push(next);
    }
    while (policy != null && (next = policy.poll()) != null) {
      sched.global.push(next);
    }
    for (int c = 0; c < G.CLASSES; c++) {
      RunQueue q = queueIfAny(c);
      @Nullable Runnable[] tasks = q == null ? null : q.takeAll();
      if (tasks != null) {
        sched.global.pushAll(c, tasks);
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
        switch (status()) {
          case IDLE -> "idle";
          case RUNNING -> "running";
          case DETACHED -> "detached";
          default -> "spare";
        };
    return "P" + index + " " + s + " tick=" + tick() + " queue=" + normal.size();
  }
}
