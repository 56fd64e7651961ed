package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Cpus;
import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.Parker;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/*
 * The monitor: one thread for all schedulers, without a P.
 *
 * Watches  a goroutine that runs for more than SLICE, or sits in a call that said it blocks, while
 *          other work waits: hands the right to run to another P;
 *          a chain of runnext that runs for more than SLICE: ends it, see P;
 *          a runnext that waits for its own P while another P is idle: lets thieves take it;
 *          a detached P that has got work since: moves it to the shared queue;
 *          timers that are overdue while a P is idle: wakes an M;
 *          sockets that nobody polls: wakes an M, or polls;
 *          a scheduler that closes; a program that can never go on (Deadlock).
 * Sleeps   20 us, after 50 rounds without a find twice as long each time, 2 ms at most, and no longer
 *          than until a timer for which nobody else wakes; without a busy P for long, until an M
 *          wakes (kick) or QUIET has passed.
 * Ordering K1  sleepDeeply: asleep = true, looks for a P that runs  <->  an M: its P RUNNING, kick
 *              reads asleep. One of the two sees the other. Proof: SysmonKick.
 */
final class Sysmon extends Thread {
  private static final long SLICE_NANOS = 10_000_000; // Go's value
  private static final long MIN_NANOS = 20_000;
  private static final long MAX_NANOS = 2_000_000;
  private static final long QUIET_NANOS = 100_000_000;
  private static final long OVERDUE_NANOS = 1_000_000;
  private static final long UPKEEP_NANOS = 1_000_000_000;
  private static final long FIRST_UPKEEP_NANOS = 20_000_000;
  private static final long POLL_NANOS = 10_000_000; // Go's value

  private static final CopyOnWriteArrayList<ProcSched> WATCHED = new CopyOnWriteArrayList<>();
  private static volatile @Nullable Sysmon thread;
  private static volatile boolean asleep;
  private static volatile boolean hurry;

  private int quietRounds;
  private long asleepSince = Clock.nanoTime();
  private int rounds;
  private long delay = MIN_NANOS;

  /** The first comes early: later the heap may have no room for what the JVM then links. */
  private long upkeep = Clock.nanoTime() - UPKEEP_NANOS + FIRST_UPKEEP_NANOS;

  private Sysmon() {
    super(null, null, "raddle-sysmon", 0, false);
    setDaemon(true);
  }

  static synchronized void watch(ProcSched sched) {
    WATCHED.add(sched);
    if (thread == null) {
      var t = new Sysmon();
      thread = t;
      t.start();
    }
  }

  /** Returns whether the caller was interrupted meanwhile. */
  static boolean forget(ProcSched sched) {
    Sysmon last = null;
    synchronized (Sysmon.class) {
      WATCHED.remove(sched);
      if (WATCHED.isEmpty()) {
        last = thread;
        thread = null;
      }
    }
    if (last == null) {
      return false;
    }
    Parker.unpark(last);
    return Parker.join(last);
  }

  /** A scheduler begins to close: look often. */
  static void hurry() {
    hurry = true;
    Thread t = thread;
    if (t != null) {
      Parker.unpark(t);
    }
  }

  /** K1: a P runs that was idle or detached: look again. */
  static void kick() {
    if (asleep) {
      asleep = false;
      Thread t = thread;
      if (t != null) {
        Parker.unpark(t);
      }
    }
  }

  static Iterable<ProcSched> watched() {
    return WATCHED;
  }

  @Override
  public void run() {
    Cpus.leave(); // whoever made this thread may have been pinned
    while (thread == this) {
      try {
        look();
      } catch (Throwable t) {
        if (!Memory.isFull(t)) {
          ProcSched.broken(this, t);
        }
        Parker.stall(true); // the next look may have room
      }
    }
  }

  private void look() {
    if (Clock.nanoTime() - upkeep > UPKEEP_NANOS) {
      upkeep = Clock.nanoTime();
      Cpus.recount(); // once, however many schedulers there are: it believes what it sees twice
      for (ProcSched s : WATCHED) {
        s.upkeep();
      }
    }
    boolean busy = false;
    boolean found = false;
    long untilTimer = MAX_NANOS;
    for (ProcSched s : WATCHED) {
      busy |= isBusy(s);
      found |= check(s, Clock.nanoTime());
      untilTimer = Math.min(untilTimer, untilTimer(s));
      s.reap();
      s.checkClosing();
    }
    quietRounds = busy ? 0 : quietRounds + 1;
    if (found || quietRounds == 1 || hurry) {
      hurry = false;
      rounds = 0;
      delay = MIN_NANOS;
    } else if (++rounds > 50) {
      delay = Math.min(delay * 2, MAX_NANOS);
    }
    boolean onlyLockedWait = busy && stillAsleep();
    if (quietRounds > 60 || onlyLockedWait) {
      Deadlock.check();
    }
    if (quietRounds > 60) {
      sleepDeeply();
      rounds = 0;
      delay = MIN_NANOS;
    } else {
      Parker.parkNanos(Math.min(delay, untilTimer));
    }
  }

  /** T3 of {@link ProcSched}. */
  private static long untilTimer(ProcSched s) {
    long next = s.keeper.get() == null && !s.procs.idle.isEmpty() ? s.nextTimer() : TimerHeap.NONE;
    return next == TimerHeap.NONE ? MAX_NANOS : Math.max(MIN_NANOS, next - Clock.nanoTime());
  }

  /** Once in a while, if all that runs are locked goroutines that wait: no P goes idle then. */
  private boolean stillAsleep() {
    for (ProcSched s : WATCHED) {
      for (P p : s.procs.all()) {
        if (p.isRunning() && !p.isAsleep()) {
          asleepSince = Clock.nanoTime();
          return false;
        }
      }
    }
    if (Clock.nanoTime() - asleepSince < QUIET_NANOS) {
      return false;
    }
    asleepSince = Clock.nanoTime();
    return true;
  }

  private static boolean isBusy(ProcSched s) {
    for (P p : s.procs.all()) {
      if (p.isRunning()) {
        return true;
      }
    }
    return s.isClosing();
  }

  private void sleepDeeply() {
    asleep = true; // K1
    boolean busy = false;
    for (ProcSched s : WATCHED) {
      busy |= isBusy(s);
    }
    if (!busy && thread == this) {
      Parker.parkNanos(QUIET_NANOS);
    }
    asleep = false;
  }

  private static boolean check(ProcSched s, long now) {
    boolean found = s.threads.retry();
    for (P p : s.procs.all()) {
      if (p.isRunning()) {
        found |= checkNext(s, p);
        found |= checkHog(s, p, now);
        checkSlice(s, p, now);
        continue;
      }
      p.seenNext = null; // it may be garbage by now
      if (p.status() == P.DETACHED && p.hasStealable()) {
        p.evacuate(); // readied by an owner that had looked at its P before the hand-off
        s.wakep();
        found = true;
      }
    }
    checkPoll(s, now);
    if (!s.procs.idle.isEmpty()
        && timersOverdue(s, now, s.keeper.get() == null ? 0 : OVERDUE_NANOS)) {
      s.wakep();
      found = true;
    }
    return found;
  }

  private static boolean checkHog(ProcSched s, P p, long now) {
    int tick = p.tick();
    if (tick != p.seenTick || !p.inRun()) {
      p.seenTick = tick;
      p.seenSince = now;
      return false;
    }
    boolean tooLong = now - p.seenSince > SLICE_NANOS || p.inBlocking;
    if (!tooLong || !someoneWaits(s, p, now)) {
      return false;
    }
    s.procs.handOff(p);
    return true;
  }

  static void checkSlice(ProcSched s, P p, long now) {
    int slice = p.slice();
    if (slice != p.seenSlice) {
      p.seenSlice = slice;
      p.sliceSince = now;
    } else if (now - p.sliceSince > SLICE_NANOS && (p.hasQueued() || !s.global.isEmpty())) {
      p.useUp(slice);
    }
  }

  private static boolean someoneWaits(ProcSched s, P p, long now) {
    boolean idleTakesIt = !s.procs.idle.isEmpty();
    return p.hasNext() || (!idleTakesIt && (s.hasWork() || timersOverdue(s, now, 0)));
  }

  private static boolean checkNext(ProcSched s, P p) {
    Runnable next = p.peekNext();
    boolean same = next != null && next == p.seenNext && p.tick() == p.seenTick;
    p.seenNext = next;
    if (!same || p.overdue || s.procs.idle.isEmpty()) {
      return false;
    }
    p.overdue = true;
    s.wakep();
    return true;
  }

  /** N3 of {@link Netpoller}. */
  private static void checkPoll(ProcSched s, long now) {
    Netpoller net = s.netpoller;
    if (net == null || s.keeper.get() != null) {
      return;
    }
    long late = now - s.lastPoll;
    if (late > OVERDUE_NANOS && !s.procs.idle.isEmpty()) {
      s.wakep();
    } else if (late > POLL_NANOS) {
      s.lastPoll = now;
      net.poll();
    }
  }

  private static boolean timersOverdue(ProcSched s, long now, long by) {
    long next = s.nextTimer();
    return next != TimerHeap.NONE && now - next > by;
  }
}
