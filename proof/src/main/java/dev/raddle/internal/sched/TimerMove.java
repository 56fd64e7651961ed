package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.timer.TimerHeap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** MOVING of {@link Timer}: a cancel finds a timer that is on its way to another heap. */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Cancelled")
@Outcome(expect = FORBIDDEN, desc = "Not cancelled though it had not fired, or both")
public final class TimerMove {
  private TimerMove() {}

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

  /** A heap of one timer, with a lock but no state between two heaps. */
  static final class OneTimer {
    private @Nullable Counted first;

    synchronized void add(Counted timer) {
      first = timer;
    }

    synchronized @Nullable Counted take() {
      Counted taken = first;
      first = null;
      return taken;
    }

    void drain(Consumer<Counted> heir) {
      Counted taken = take();
      if (taken != null) {
        heir.accept(taken);
      }
    }

    void runDue(long now) {
      Counted due = take();
      if (due != null && due.when() - now <= 0) {
        due.fire();
      }
    }

    synchronized boolean cancel(Counted timer) {
      boolean here = first == timer;
      first = here ? null : first;
      return here;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(TimerMove.class)
  @State
  public static class Holds {

    private final TimerHeap from = new TimerHeap();
    private final TimerHeap to = new TimerHeap();
    private final Counted timer = new Counted();

    /** One timer. */
    public Holds() {
      from.add(timer);
    }

    /** Moves the timers. */
    @Actor
    public void drain() {
      from.drain(to::add);
    }

    /** Cancels. */
    @Actor
    public void cancel(II_Result r) {
      r.r1 = timer.cancel() ? 1 : 0;
    }

    /** Fires what is left. */
    @Arbiter
    public void count(II_Result r) {
      from.runDue(1);
      to.runDue(1);
      r.r2 = timer.fired;
    }
  }

  /** Nothing says that it moves. */
  @JCStressTest
  @JCStressMeta(TimerMove.class)
  @State
  public static class Twin {

    private final OneTimer from = new OneTimer();
    private final OneTimer to = new OneTimer();
    private final Counted timer = new Counted();

    /** One timer. */
    public Twin() {
      from.add(timer);
    }

    /** Moves the timers. */
    @Actor
    public void drain() {
      from.drain(to::add);
    }

    /** Cancels. */
    @Actor
    public void cancel(II_Result r) {
      r.r1 = from.cancel(timer) || to.cancel(timer) ? 1 : 0;
    }

    /** Fires what is left. */
    @Arbiter
    public void count(II_Result r) {
      from.runDue(1);
      to.runDue(1);
      r.r2 = timer.fired;
    }
  }
}
