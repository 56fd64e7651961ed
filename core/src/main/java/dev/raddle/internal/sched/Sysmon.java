package dev.raddle.internal.sched;

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
 *          a runnext that waits for its own P while another P is idle: lets thieves take it;
 *          a detached P that has work while another P is idle: wakes an M;
 *          timers that are overdue while a P is idle: wakes an M;
 *          sockets that nobody polls: wakes an M, or polls;
 *          a scheduler that closes; a program that can never go on (Deadlock).
 * Sleeps   20 us, after 50 rounds without a find twice as long each time, 2 ms at most; without a
 *          busy P for long, until an M wakes (kick) or QUIET has passed.
 */
final class Sysmon extends Thread {
  private static final long SLICE_NANOS = 10_000_000; // Go's value
  private static final long MIN_NANOS = 20_000;
  private static final long MAX_NANOS = 2_000_000;
  private static final long QUIET_NANOS = 100_000_000;
  private static final long OVERDUE_NANOS = 1_000_000;
  private static final long UPKEEP_NANOS = 1_000_000_000;
  private static final long POLL_NANOS = 10_000_000; // Go's value

  private static final CopyOnWriteArrayList<ProcSched> WATCHED = new CopyOnWriteArrayList<>();
  private static volatile @Nullable Sysmon thread;
  private static volatile boolean asleep;
  private static volatile boolean hurry;

  private int quietRounds;
  private int rounds;
  private long delay = MIN_NANOS;
  private long upkeep = Clock.nanoTime();

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

  /** An M woke: look again. */
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
    while (thread == this) {
      try {
        look();
      } catch (OutOfMemoryError full) { // the next look may have room
        Memory.pause(full);
      } catch (Throwable t) {
        ProcSched.broken(this, t);
      }
    }
  }

  private void look() {
    if (Clock.nanoTime() - upkeep > UPKEEP_NANOS) {
      upkeep = Clock.nanoTime();
      WATCHED.forEach(ProcSched::upkeep);
    }
    boolean busy = false;
    boolean found = false;
    for (ProcSched s : WATCHED) {
      busy |= isBusy(s);
      found |= check(s, Clock.nanoTime());
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
    if (quietRounds > 60) {
      Deadlock.check();
      sleepDeeply();
    } else {
      Parker.parkNanos(delay);
    }
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
    asleep = true;
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
      } else if (p.status() == P.DETACHED && p.hasStealable() && !s.procs.idle.isEmpty()) {
        s.wakep(); // readied by an owner that had looked at its P before the hand-off
        found = true;
      }
    }
    checkPoll(s, now);
    if (timersOverdue(s, now, OVERDUE_NANOS) && !s.procs.idle.isEmpty()) {
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
