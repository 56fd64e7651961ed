package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.timer.TimerHeap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Firing of {@link TimerHeap}: a timer either fires or was cancelled, never both, never neither.
 */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Cancelled")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Fired")
@Outcome(expect = FORBIDDEN, desc = "A cancelled timer fired, or it vanished")
public final class TimerCancel {
  private TimerCancel() {}

  static final class Counted extends Timer {
    int fired;

    Counted() {
      super(0);
    }

    @Override
    protected void fire() {
      fired++;
    }
  }

  /** A heap of one timer, without a lock. */
  static final class OneTimer {
    private volatile @Nullable Counted first;

    void add(Counted timer) {
      first = timer;
    }

    void runDue(long now) {
      Counted due = first;
      if (due != null && due.when() - now <= 0) {
        first = null;
        due.fire();
      }
    }

    boolean cancel(Counted timer) {
      if (first != timer) {
        return false;
      }
      first = null;
      return true;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(TimerCancel.class)
  @State
  public static class Holds {

    private final TimerHeap heap = new TimerHeap();
    private final Counted timer = new Counted();

    /** One timer, due. */
    public Holds() {
      heap.add(timer);
    }

    /** Fires what is due. */
    @Actor
    public void run() {
      heap.runDue(1);
    }

    /** Cancels. */
    @Actor
    public void cancel(II_Result r) {
      r.r1 = timer.cancel() ? 1 : 0;
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result r) {
      r.r2 = timer.fired;
    }
  }

  /** Without the lock. */
  @JCStressTest
  @JCStressMeta(TimerCancel.class)
  @State
  public static class Twin {

    private final OneTimer heap = new OneTimer();
    private final Counted timer = new Counted();

    /** One timer, due. */
    public Twin() {
      heap.add(timer);
    }

    /** Fires what is due. */
    @Actor
    public void run() {
      heap.runDue(1);
    }

    /** Cancels. */
    @Actor
    public void cancel(II_Result r) {
      r.r1 = heap.cancel(timer) ? 1 : 0;
    }

    /** Counts. */
    @Arbiter
    public void count(II_Result r) {
      r.r2 = timer.fired;
    }
  }
}
