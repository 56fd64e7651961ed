package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * O2 of {@link Closing}: a task is queued before done is read, and done is set before the queues
 * are emptied, so one of the two gives the task to the heir.
 */
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The heir has it")
@Outcome(expect = FORBIDDEN, desc = "It stays where nobody runs it")
public final class ClosingBequeath {
  private ClosingBequeath() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ClosingBequeath.class)
  @State
  public static class Holds {

    private final GlobalQueue global = new GlobalQueue();
    private final AtomicBoolean done = new AtomicBoolean();
    private final Task task = new Task();

    /** Makes a virtual thread runnable. */
    @Actor
    public void resume() {
      global.push(G.NORMAL, task);
      if (done.get()) {
        global.drain(Runnable::run);
      }
    }

    /** Ends the scheduler. */
    @Actor
    public void close() {
      done.set(true);
      global.drain(Runnable::run);
    }

    /** Counts. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = task.taken();
    }
  }

  /** Reads done before the task is visible. */
  @JCStressTest
  @JCStressMeta(ClosingBequeath.class)
  @State
  public static class Twin {

    private final GlobalQueue global = new GlobalQueue();
    private final AtomicBoolean done = new AtomicBoolean();
    private final Task task = new Task();

    /** Makes a virtual thread runnable. */
    @Actor
    public void resume() {
      boolean closed = done.get();
      global.push(G.NORMAL, task);
      if (closed) {
        global.drain(Runnable::run);
      }
    }

    /** Ends the scheduler. */
    @Actor
    public void close() {
      done.set(true);
      global.drain(Runnable::run);
    }

    /** Counts. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = task.taken();
    }
  }
}
