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

/**
 * R2 of {@link RunQueue} and its epoch: a thief that has copied a slot must not commit when the
 * owner took that task back and put another into the same slot, though head and size are as before.
 */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Each task was taken once")
@Outcome(expect = FORBIDDEN, desc = "A task was taken twice, or lost")
public final class RunQueueEpoch {
  private RunQueueEpoch() {}

  /** The queue. */
  @JCStressTest
  @JCStressMeta(RunQueueEpoch.class)
  @State
  public static class Holds {
    private final RunQueue q = new RunQueue(2);
    private final RunQueue mine = new RunQueue(2);
    private final Task a = new Task();
    private final Task b = new Task();

    /** One task. */
    public Holds() {
      q.push(a);
    }

    /** Takes it back, puts another there. */
    @Actor
    public void owner() {
      if (q.popTail(a)) {
        a.run();
      }
      q.push(b);
    }

    /** Takes what there is. */
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

  /** No epoch. */
  @JCStressTest
  @JCStressMeta(RunQueueEpoch.class)
  @State
  public static class Twin {
    private final BrokenRunQueue q = new BrokenRunQueue(BrokenRunQueue.Fault.NO_EPOCH, 2);
    private final Task a = new Task();
    private final Task b = new Task();

    /** One task. */
    public Twin() {
      q.push(a);
    }

    /** Takes it back, puts another there. */
    @Actor
    public void owner() {
      if (q.popTail(a)) {
        a.run();
      }
      q.push(b);
    }

    /** Takes what there is. */
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
