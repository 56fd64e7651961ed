package dev.raddle.internal.sched;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/*
 * The Ps of a scheduler and the slots, of which there are GOMAXPROCS.
 *
 * Who has a P An M that runs or searches; or it is idle (on the stack of wakep); or spare: without
 *             a slot, to be used again when there are more or for a hand-off.
 * Fewer       What is too much is owed: idle Ms' Ps go at once, the others when their Ms pass through
 *             the scheduler (isExcess). A P gives its queues up before it becomes spare, a slot that
 *             is not needed its timers to another.
 * Hand-off    The P of a goroutine that hogs or blocks is detached; a fresh one takes its slot and what
 *             it has queued. Its M finds out when the goroutine comes back, or takes an idle P's slot.
 * Tables      everyone() grows only: as many as calls ever blocked at the same time. What is scanned
 *             for work, all(), has every P that is not spare, and is at most some four times as long;
 *             the lowest are used first.
 * Allocation  handOff makes the fresh P before it detaches the other: the heap may be full.
 */
/** The processors of a scheduler. */
final class Procs {
  final IdleStack<P> idle = new PStack();

  private final ProcSched sched;
  private final SchedConfig config;

  /** Every P; index i is the P with that index. Written under {@code grow}, as all that follows. */
  private volatile P[] everyone = new P[0];

  /** Those of them that may not be spare: the first ones. */
  private volatile P[] all = new P[0];

  /** Grows only; those in {@code unused} have no timers and take none. */
  private volatile Slot[] slots = new Slot[0];

  private final BitSet spare = new BitSet();
  private final BitSet unused = new BitSet();
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

  /** Where work can be, or was a moment ago. */
  P[] all() {
    return all;
  }

  /** All that there ever were. */
  P[] everyone() {
    return everyone;
  }

  /** Where timers can be. */
  Slot[] slots() {
    return slots;
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
        P p = spareOrNew(takeSlot());
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
      p.status(P.DETACHED);
      giveUp(p.slot);
      toSpare(p);
    }
  }

  private boolean claimExcess() {
    for (int e = excess.get(); e > 0; e = excess.get()) {
      if (excess.compareAndSet(e, e - 1)) {
        return true;
      }
    }
    return false;
  }

  /** The M of {@code held}: whether it has no right to run any more because there were too many. */
  boolean isExcess(P held) {
    if (!claimExcess()) {
      return false;
    }
    if (held.casStatus(P.RUNNING, P.DETACHED)) {
      giveUp(held.slot);
    } else {
      excess.incrementAndGet(); // sysmon handed it off: another P has the slot
    }
    return true;
  }

  private Slot takeSlot() {
    grow.lock();
    try {
      int kept = unused.nextSetBit(0);
      int n = kept < 0 ? slots.length : kept;
      if (kept < 0) {
        Slot[] more = Arrays.copyOf(slots, n + 1);
        more[n] = new Slot(n);
        unused.set(n); // has room for it from now on
        slots = more;
      }
      unused.clear(n);
      settlePlaces();
      slots[n].timers.open();
      return slots[n];
    } finally {
      grow.unlock();
    }
  }

  /** A slot too many, which the caller alone has. */
  private void giveUp(Slot slot) {
    slot.timers.close();
    slot.timers.drain(new Mover());
    grow.lock();
    unused.set(slot.index);
    settlePlaces();
    grow.unlock();
  }

  /** The first places are in use, each as often as the next: whatever slots have gone. */
  private void settlePlaces() {
    int used = 0;
    for (Slot slot : slots) {
      if (!unused.get(slot.index)) {
        slot.place(config.place(used++));
      }
    }
  }

  /** No lambda: what the heap has no room for at its first use fails for ever. */
  private final class Mover implements Consumer<Timer> {
    @Override
    public void accept(Timer t) {
      move(t);
    }
  }

  private void move(Timer t) {
    for (; ; ) {
      try {
        sched.addTimer(t);
        return;
      } catch (OutOfMemoryError full) { // nothing was added
        Memory.pause(full);
      }
    }
  }

  /** A timer of a thread that has no slot. */
  void addTimer(Timer t) {
    for (; ; Thread.onSpinWait()) { // one is open, unless it was given up just now
      for (Slot slot : slots) {
        if (slot.timers.add(t)) {
          return;
        }
      }
    }
  }

  /** Whoever has {@code p} alone: it is empty, and its slot is given away. */
  void toSpare(P p) {
    grow.lock();
    try {
      p.status(P.SPARE);
      spare.set(p.index());
      int used = spare.previousClearBit(everyone.length - 1) + 1;
      if (used < all.length / 4) {
        all = Arrays.copyOf(everyone, all.length / 2);
      }
    } catch (OutOfMemoryError full) { // then all() stays as long as it is
    } finally {
      grow.unlock();
    }
  }

  private P spareOrNew(Slot slot) {
    grow.lock();
    try {
      int kept = spare.nextSetBit(0);
      int n = kept < 0 ? everyone.length : kept;
      if (kept < 0) {
        P[] more = Arrays.copyOf(everyone, n + 1);
        more[n] = new P(sched, n, config, slot);
        spare.set(n); // has room for it from now on
        everyone = more;
      }
      if (all.length <= n) {
        all = Arrays.copyOf(everyone, Math.min(everyone.length, 2 * n + 1));
      }
      spare.clear(n);
      P p = everyone[n];
      p.slot = slot;
      return p;
    } finally {
      grow.unlock();
    }
  }

  /** Gives the slot of a P whose goroutine hogs or blocks, and what is queued, to another P. */
  void handOff(P p) {
    int index = p.runsIn();
    if (index < 0) {
      return;
    }
    P fresh = spareOrNew(slots[index]);
    if (!p.detach(index)) {
      toSpare(fresh);
      return;
    }
    fresh.status(P.RUNNING);
    sched.searchers.incrementAndGet();
    p.evacuate();
    sched.threads.start(fresh);
  }

  /** After a hand-off: takes the slot of an idle P. False if there is none. */
  boolean regain(P held) {
    P other = idle.pop();
    if (other == null) {
      return false;
    }
    held.slot = other.slot;
    toSpare(other);
    held.status(P.RUNNING); // only its own M takes a P out of DETACHED
    sched.woke();
    return true;
  }

  private final class PStack extends IdleStack<P> {
    @Override
    P at(int index) {
      return everyone[index];
    }
  }
}
