package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** R1 of {@link RunQueue}: a thief that sees the word sees the slot and what was written before. */
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Nothing there yet")
@Outcome(id = "7", expect = ACCEPTABLE, desc = "The task, whole")
@Outcome(expect = FORBIDDEN, desc = "The size without the task, or a task half made")
public final class RunQueuePush {
  private RunQueuePush() {}

  private static Task made() {
    var t = new Task();
    t.payload = 7;
    return t;
  }

  /** The queue. */
  @JCStressTest
  @JCStressMeta(RunQueuePush.class)
  @State
  public static class Holds {
    private final RunQueue q = new RunQueue(2);
    private final RunQueue mine = new RunQueue(2);

    /** Pushes. */
    @Actor
    public void owner() {
      q.push(made());
    }

    /** Steals. */
    @Actor
    public void thief(I_Result r) {
      boolean empty = q.isEmpty();
      r.r1 = empty ? -1 : Task.payload(q.stealInto(mine));
    }
  }

  /** The word before the slot. */
  @JCStressTest
  @JCStressMeta(RunQueuePush.class)
  @State
  public static class Twin {
    private final BrokenRunQueue q = new BrokenRunQueue(BrokenRunQueue.Fault.WORD_BEFORE_SLOT, 2);

    /** Pushes. */
    @Actor
    public void owner() {
      q.push(made());
    }

    /** Steals. */
    @Actor
    public void thief(I_Result r) {
      Runnable[] stolen = q.steal();
      r.r1 = stolen.length == 0 ? -1 : Task.payload(stolen[0]);
    }
  }
}
