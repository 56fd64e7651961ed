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
 *             - somebody is counted as searching, which takes microseconds.
 * Starved     at every look for LIMIT, whatever else runs,
 *             - a timer was overdue by more than LIMIT; or
 *             - the shared queue of a class had the same head, and there was no want of threads.
 * Neither     a hog, a quiet or a sleeping scheduler: none has work and an idle P. A machine that was
 *             suspended: two looks that are far apart begin anew.
 * Then        one report, once in a scheduler's life. Nothing is repaired: a repair would hide it.
 * Rejected    watching each goroutine's time in a queue: costs a clock read for each ready.
 */
final class Watchdog {
  private static final long LIMIT_NANOS = 10_000_000_000L;
  private static final long SECONDS = LIMIT_NANOS / 1_000_000_000;
  private static final long GAP_NANOS = 3_000_000_000L;

  private final ProcSched sched;
  private final Consumer<String> report;
  private final Symptom stuck = new Symptom();
  private final Symptom overdue = new Symptom();
  private final Symptom[] heads = {new Symptom(), new Symptom(), new Symptom()}; // one a class
  private long lastLook;
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
    String why = diagnosis(now, now - lastLook > GAP_NANOS);
    lastLook = now;
    if (why != null) {
      reported = true;
      report.accept(describe(why));
    }
  }

  private @Nullable String diagnosis(long now, boolean anew) {
    String why = standstill();
    if (stuck.lasts(why == null ? null : why + ticks(), now, anew)) {
      return "no goroutine was scheduled for " + SECONDS + " s although " + why;
    }
    long next = sched.nextTimer();
    boolean late = next != TimerHeap.NONE && now - next > LIMIT_NANOS;
    if (overdue.lasts(late ? "late" : null, now, anew)) {
      return "a timer is overdue by " + (now - next) / 1_000_000_000 + " s";
    }
    for (int c = 0; c < G.CLASSES; c++) {
      Object head = sched.threads.isWanting() ? null : sched.global.head(c);
      if (heads[c].lasts(head, now, anew)) {
        return "the shared queue of class " + c + " did not move for " + SECONDS + " s";
      }
    }
    return null;
  }

  private @Nullable String standstill() {
    if (sched.searchers.get() > 0) {
      return "somebody is counted as searching for work";
    }
    return !sched.procs.idle.isEmpty() && sched.hasWork()
        ? "work is queued, a P is idle and nobody searches"
        : null;
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
    out.append(" is stuck, please report it: ").append(why).append('\n');
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

  /** Something that may pass: counts once it was the same for long enough. */
  private static final class Symptom {
    private @Nullable Object last;
    private long since;

    boolean lasts(@Nullable Object now, long at, boolean anew) {
      boolean same = now == last || (now instanceof String && now.equals(last));
      if (anew || now == null || !same) {
        last = now;
        since = at;
        return false;
      }
      return at - since >= LIMIT_NANOS;
    }
  }
}
