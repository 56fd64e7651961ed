package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The CAS of {@link RunQueue}'s word: owner and thief never take the same task. */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Each task was taken once")
@Outcome(expect = FORBIDDEN, desc = "A task was taken twice, or lost")
public final class RunQueueTake {
  private RunQueueTake() {}

  /** The queue. */
  @JCStressTest
  @JCStressMeta(RunQueueTake.class)
  @State
  public static class Holds {
    private final RunQueue q = new RunQueue(2);
    private final RunQueue mine = new RunQueue(2);
    private final Task a = new Task();
    private final Task b = new Task();

    /** Fills the queue. */
    public Holds() {
      q.push(a);
      q.push(b);
    }

    /** Takes the oldest. */
    @Actor
    public void owner() {
      Task.run(q.pop());
    }

    /** Takes the older half. */
    @Actor
    public void thief() {
      Task.run(q.stealInto(mine));
    }

    /** Takes the rest. */
    @Arbiter
    public void rest(II_Result r) {
      for (Runnable t; (t = q.pop()) != null; ) {
        t.run();
      }
      r.r1 = a.taken();
      r.r2 = b.taken();
    }
  }

  /** A store in place of the CAS. */
  @JCStressTest
  @JCStressMeta(RunQueueTake.class)
  @State
  public static class Twin {
    private final BrokenRunQueue q = new BrokenRunQueue(BrokenRunQueue.Fault.NO_CAS, 2);
    private final Task a = new Task();
    private final Task b = new Task();

    /** Fills the queue. */
    public Twin() {
      q.push(a);
      q.push(b);
    }

    /** Takes the oldest. */
    @Actor
    public void owner() {
      Task.run(q.pop());
    }

    /** Takes the older half. */
    @Actor
    public void thief() {
      for (Runnable t : q.steal()) {
        Task.run(t);
      }
    }

    /** Takes the rest. */
    @Arbiter
    public void rest(II_Result r) {
      for (Runnable t; (t = q.pop()) != null; ) {
        t.run();
      }
      r.r1 = a.taken();
      r.r2 = b.taken();
    }
  }
}
