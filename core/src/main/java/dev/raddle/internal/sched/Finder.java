package dev.raddle.internal.sched;

import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Parker;
import dev.raddle.internal.util.Rand;
import org.jspecify.annotations.Nullable;

/*
 * How an M finds the next goroutine. Each M has one; only its thread uses it: the M in its loop, or
 * the goroutine thread that it carries.
 *
 * Order       What was handed back, timers that are due, the own queue and within a class after it
 *             the shared queue, the netpoller, other Ps by class; every FAIR_TICK-th pick another of
 *             the queues that could wait for ever first. Without anything: the P is given up, see Idling.
 * Searching   At most half of the busy Ps may; W2 and W3 of ProcSched.
 * Late        Where a P runs and has a runnext, something is about to become stealable: the next ready
 *             kicks that one out, and would wake an M. A searcher then sleeps for a moment and looks
 *             once more, before it gives its P up. As it still counts as a searcher, nobody pays for a
 *             wake-up meanwhile: in a channel with four senders there were nine times as many as in
 *             Go. A runnext that is still there, beside the same goroutine, is taken. As in Go, which
 *             sleeps in the last of its rounds (runqgrab).
 */
/** Finds what an M runs next. */
final class Finder {
  /** Every so many picks the shared queue and the lowest class go first. Go's value. */
  private static final int FAIR_TICK = 61;

  /** Go's value; with the slack of the system's timers it becomes some 50 us. */
  private static final long LATE_NANOS = 3_000;

  /** A queue, in {@link #FAIR_TURNS}: its class, and which of those of that class. */
  private static final int OWN = 0;

  private static final int SHARED = G.CLASSES;
  private static final int TIMELY = 2 * G.CLASSES;

  /**
   * Which queues those picks go to by turns, the next one if it is empty: all but that of the class
   * HIGH with deadlines, which every pick looks at first. The order tells nothing.
   */
  private static final int[] FAIR_TURNS = {
    TIMELY + G.LOW, SHARED + G.NORMAL, SHARED + G.HIGH, OWN + G.LOW,
    TIMELY + G.NORMAL, SHARED + G.LOW, OWN + G.NORMAL, OWN + G.HIGH
  };

  private final M m;
  private final ProcSched sched;

  /** True while this M looks for work to steal and is counted as such. */
  private boolean searching;

  /** Taken from the queue by a goroutine thread that could not run it itself; runs next. */
  private @Nullable Runnable handed;

  /** The last wait in the netpoller found one goroutine, which runs now. */
  private boolean lonely;

  Finder(M m) {
    this.m = m;
    sched = m.sched;
  }

  /** What a goroutine thread took and could not run; the caller runs it or passes it on. */
  @Nullable Runnable takeHanded() {
    Runnable task = handed;
    handed = null;
    return task;
  }

  /** This M has been counted as a searcher, by itself or by who granted it a P. */
  void isSearching() {
    searching = true;
  }

  /** A wait in the netpoller readied one goroutine, and nothing else is known to do. */
  void isLonely(boolean one) {
    lonely = one;
  }

  /** Before what was found runs. */
  void found() {
    if (searching) {
      stopSearching();
      sched.wakeNext();
    }
  }

  /** On a goroutine thread whose goroutine has ended: the next one, if this thread may run it. */
  @Nullable G nextUnstarted(G ended) {
    P held = m.usableP();
    if (held == null || !sched.reuseThreads() || sched.classesMoved(held)) {
      return null;
    }
    while (held.tick() % FAIR_TICK != FAIR_TICK - 1 && !Idling.due(held.slot.timers)) {
      Runnable task = held.next();
      if (task == null) {
        task = pollGlobal(held);
      }
      if (!(task instanceof G g) || ended.mayBeInterrupted()) { // R1 of G: after the take
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
  @Nullable Runnable find() {
    for (; ; ) {
      P held = m.p;
      if (held == null) {
        if (!m.awaitP()) {
          return null;
        }
        continue;
      }
      if (!held.isRunning() || sched.procs.isExcess(held)) {
        giveUp(held);
        continue;
      }
      Runnable task = takeHanded();
      if (task != null) {
        return task;
      }
      sched.followClasses(held);
      TimerHeap timers = held.slot.timers;
      if (Idling.due(timers) && timers.runDue(Clock.nanoTime()) > 1) {
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
    int next = held.tick() + 1;
    if (next % FAIR_TICK == 0 && held.policy() == null) {
      Runnable task = pickFair(held, next / FAIR_TICK);
      if (task != null) {
        return task;
      }
    }
    Runnable task = held.next();
    return task != null ? task : pollGlobal(held);
  }

  /** By turns what else might wait for ever. */
  private @Nullable Runnable pickFair(P held, int turn) {
    if (!held.looksAtClasses()) {
      return pollGlobal(held);
    }
    for (int i = 0; i < FAIR_TURNS.length; i++) {
      Runnable task = pickOf(held, FAIR_TURNS[(turn + i) % FAIR_TURNS.length]);
      if (task != null) {
        return task;
      }
    }
    return null;
  }

  private @Nullable Runnable pickOf(P held, int queue) {
    int priority = queue % G.CLASSES;
    return switch (queue - priority) {
      case OWN -> held.nextOf(priority);
      case TIMELY -> sched.global.pollTimely(priority);
      default -> sched.global.pollFifo(priority, held);
    };
  }

  private @Nullable Runnable pollGlobal(P held) {
    GlobalQueue global = sched.global;
    for (int c = 0; c < G.CLASSES; c++) {
      Runnable task = global.poll(c, held);
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

  private @Nullable Runnable search(P held) {
    if (!searching) {
      if (!sched.maySearch()) {
        return null;
      }
      searching = true;
      sched.searchers.incrementAndGet();
    }
    for (int round = sched.procs.searchRounds(); round > 0; round--) {
      Runnable task = steal(held);
      if (task != null) {
        return task;
      }
      Thread.onSpinWait();
    }
    P busy = aboutToKick(held);
    return busy == null ? null : stealLate(held, busy);
  }

  private @Nullable Runnable steal(P held) {
    P[] all = sched.procs.all();
    int start = Rand.below(all.length);
    int[] victims = victims(held, all.length, start);
    if (Idling.runTimersOf(sched.procs.slots()) > 0) {
      Runnable task = held.next();
      if (task != null) {
        return task;
      }
    }
    for (int c = 0; c < G.CLASSES; c++) { // class before victim
      for (int i = 0; i < all.length; i++) {
        P victim = all[victims == null ? (start + i) % all.length : victims[i]];
        Runnable task = victim == held ? null : held.stealFrom(victim, c);
        if (task != null) {
          return task;
        }
      }
    }
    return pollGlobal(held);
  }

  /** A P that runs and has a runnext, for which another goroutine may soon have to make room. */
  private @Nullable P aboutToKick(P held) {
    for (P p : sched.procs.all()) {
      if (p != held && p.hasNext() && p.isRunning()) {
        return p;
      }
    }
    return null;
  }

  /** See Late. */
  private @Nullable Runnable stealLate(P held, P busy) {
    Runnable next = busy.peekNext();
    int tick = busy.tick();
    Parker.parkNanos(LATE_NANOS);
    Runnable task = steal(held);
    if (task == null && next != null && busy.tick() == tick) {
      task = busy.takeNext(next);
    }
    return task;
  }

  private int @Nullable [] victims(P held, int n, int start) {
    RunPolicy policy = sched.policy();
    if (policy == null) {
      return null;
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = (start + i) % n;
    }
    policy.orderVictims(held.index(), order);
    return order;
  }

  private void stopSearching() {
    searching = false;
    sched.searchers.decrementAndGet();
  }

  /** The P was handed off meanwhile, or there are too many Ps now. */
  private void giveUp(P held) {
    Runnable task = takeHanded();
    if (task != null) {
      sched.global.push(task);
    }
    held.drain();
    m.p = null;
    if (searching) {
      stopSearching();
    }
    sched.procs.toSpare(held);
    takeIdleP(sched.hasWork());
    if (m.p == null) {
      sched.wakep();
    }
  }

  private void releaseIdle(P held) {
    held.forget();
    if (!held.casStatus(P.RUNNING, P.IDLE)) {
      return; // handed off meanwhile: the loop gives it up
    }
    m.p = null;
    sched.procs.idle.push(held); // R1: visible as idle before the last look
    if (searching) {
      stopSearching();
    }
    takeIdleP(sched.hasWork());
  }

  private void takeIdleP(boolean wanted) {
    P idle = wanted ? sched.procs.idle.pop() : null;
    if (idle != null) {
      idle.status(P.RUNNING);
      m.p = idle;
      searching = true;
      sched.searchers.incrementAndGet();
      sched.woke();
    }
  }
}
