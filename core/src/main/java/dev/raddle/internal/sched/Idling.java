package dev.raddle.internal.sched;

import dev.raddle.internal.timer.TimerHeap;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Parker;
import org.jspecify.annotations.Nullable;

/*
 * How an M without a P waits for one. Each M has one; only its thread uses it, but for the volatile
 * fields, which others read.
 *
 * Keeper      One idle M sleeps until the earliest timer, in the netpoller if there is one: T1 of
 *             ProcSched, N2 of Netpoller. The others sleep on the idle stack.
 * Who wakes   Whoever grants a P takes the M off the stack, or the keeper out of its place, first:
 *             so an M is granted one P at most.
 */
/** Waits until an M has a P again. */
final class Idling {
  private static final int YIELDS = 32; // then it sleeps, as in SpinLock

  private final M m;
  private final ProcSched sched;

  /** As keeper of the timers: when this M will wake by itself. */
  volatile long wakesAt;

  /** As keeper: blocks in the netpoller, or is about to. */
  volatile boolean polling;

  Idling(M m) {
    this.m = m;
    sched = m.sched;
  }

  /** Parks until a P is granted, or as keeper until a timer is due; false: closed or retired. */
  boolean await() {
    if (m.granted == null && sched.keeper.compareAndSet(null, m)) {
      if (keepTimers()) {
        return true;
      }
    } else if (m.granted == null) {
      sched.threads.idle.push(m);
    }
    while (m.granted == null) {
      if (m.retired || sched.isClosed()) {
        return false;
      }
      Parker.park();
    }
    m.p = m.granted;
    m.granted = null;
    m.finder().isSearching();
    sched.woke();
    return true;
  }

  /** As keeper of the timers; true when it took a P by itself. */
  private boolean keepTimers() {
    while (m.granted == null && !sched.isClosed()) {
      long when = sched.nextTimer();
      wakesAt = when;
      if (when != sched.nextTimer()) {
        continue; // R1 of TimerHeap: a timer came in between
      }
      long delay = when == TimerHeap.NONE ? when : when - Clock.nanoTime();
      Netpoller net = delay > 0 ? sched.netpoller : null;
      if (net != null) {
        if (!enter(net)) {
          return false; // a waker took this M: its grant is on the way
        }
        boolean found = awaitNet(net, when, delay);
        if (!found) {
          net.dispatch();
          continue;
        }
      } else if (delay > 0) {
        park(delay);
        continue;
      }
      if (!sched.keeper.compareAndSet(m, null)) {
        dispatch(net);
        return false; // a waker took this M: its grant is on the way
      }
      P idle = sched.procs.idle.pop();
      if (idle != null) {
        idle.status(P.RUNNING);
        m.p = idle;
        int readied = dispatch(net);
        m.finder().isLonely(readied == 1);
        if (readied + runTimersOf(sched.procs.slots()) > 1) {
          sched.wakep();
        }
        sched.woke();
        return true;
      }
      sched.threads.idle.push(m); // every P is busy, and looks at the timers itself
      dispatch(net);
      return false;
    }
    return false;
  }

  private static void park(long nanos) {
    if (nanos == TimerHeap.NONE) {
      Parker.park();
    } else {
      Parker.parkNanos(nanos);
    }
  }

  /** N2 of {@link Netpoller}: false when this M is not the keeper, so that nobody waits for it. */
  private boolean enter(Netpoller net) {
    for (int tries = 0; !net.tryEnter(); tries++) {
      if (sched.keeper.get() != m || sched.isClosed()) {
        return false;
      }
      Parker.stall(tries >= YIELDS);
    }
    return true;
  }

  /** N2 of {@link Netpoller}. The caller dispatches. */
  private boolean awaitNet(Netpoller net, long when, long nanos) {
    polling = true; // N2: then the look at what others wake this M for
    boolean asked = m.granted != null || sched.isClosed() || when != sched.nextTimer();
    boolean found = net.await(asked ? 0 : nanos);
    polling = false;
    sched.lastPoll = Clock.nanoTime();
    return found;
  }

  private static int dispatch(@Nullable Netpoller net) {
    return net == null ? 0 : net.dispatch();
  }

  static boolean due(TimerHeap timers) {
    long next = timers.next();
    return next != TimerHeap.NONE && next - Clock.nanoTime() <= 0;
  }

  /** Fires what is due in any slot. */
  static int runTimersOf(Slot[] all) {
    int fired = 0;
    for (Slot each : all) {
      if (due(each.timers)) {
        fired += each.timers.runDue(Clock.nanoTime());
      }
    }
    return fired;
  }
}
