package dev.raddle.internal.sched;

import dev.raddle.internal.timer.TimerHeap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Names a scheduler that has stopped by a fault of its own. No state that it reports is possible
 * while the protocol of ProcSched holds; it is there for the fault that nobody has found yet.
 *
 * Stuck       at every look for LIMIT no goroutine was scheduled (the ticks of all Ps stand), although
 *             - a queue holds work, a P is idle and nobody searches; or
 *             - somebody is counted as searching, which takes microseconds; or
 *             - a timer is overdue by more than LIMIT and a P is idle.
 * Not stuck   a hog, a quiet or a sleeping scheduler: none has work and an idle P. A machine that was
 *             suspended: two looks that are far apart begin anew.
 * Then        one report, once in a scheduler's life. Nothing is repaired: a repair would hide it.
 * Rejected    watching each goroutine's time in a queue: costs a clock read for each ready.
 */
final class Watchdog {
  private static final long LIMIT_NANOS = 10_000_000_000L;
  private static final long GAP_NANOS = 3_000_000_000L;

  private final ProcSched sched;
  private final Consumer<String> report;
  private long lastLook;
  private long since;
  private long ticks;
  private boolean suspicious;
  private boolean reported;

  Watchdog(ProcSched sched) {
    this(sched, text -> System.getLogger("dev.raddle").log(System.Logger.Level.ERROR, text));
  }

  Watchdog(ProcSched sched, Consumer<String> report) {
    this.sched = sched;
    this.report = report;
  }

  /** About once a second, by one thread. */
  void look(long now) {
    if (reported) {
      return;
    }
    String why = suspicion(now);
    long sum = ticks();
    if (why == null || !suspicious || sum != ticks || now - lastLook > GAP_NANOS) {
      suspicious = why != null;
      since = now;
      ticks = sum;
    } else if (now - since >= LIMIT_NANOS) {
      reported = true;
      report.accept(describe(why));
    }
    lastLook = now;
  }

  private @Nullable String suspicion(long now) {
    if (sched.searchers.get() > 0) {
      return "somebody is counted as searching for work";
    }
    if (sched.procs.idle.isEmpty()) {
      return null;
    }
    if (sched.hasWork()) {
      return "work is queued, a P is idle and nobody searches";
    }
    long next = sched.nextTimer();
    if (next != TimerHeap.NONE && now - next > LIMIT_NANOS) {
      return "a timer is overdue by " + (now - next) / 1_000_000_000 + " s and a P is idle";
    }
    return null;
  }

  private long ticks() {
    long sum = 0;
    for (P p : sched.procs.all()) {
      sum += p.tick();
    }
    return sum;
  }

  private String describe(String why) {
    var out = new StringBuilder("scheduler ").append(sched.name());
    out.append(" is stuck, please report it: no goroutine was scheduled for ");
    out.append(LIMIT_NANOS / 1_000_000_000).append(" s although ").append(why).append('\n');
    out.append("searchers=").append(sched.searchers.get());
    out.append(" idle Ps=").append(sched.procs.idle.size());
    out.append(" idle Ms=").append(sched.threads.idle.size());
    out.append(" global queue=").append(sched.global.isEmpty() ? "empty" : "has work");
    out.append(" keeper=").append(sched.keeperName()).append('\n');
    for (P p : sched.procs.all()) {
      out.append(p).append('\n');
    }
    sched.threads.describe(out);
    return out.append(Dump.of(List.of(sched))).toString();
  }
}
