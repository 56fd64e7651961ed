package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * R1 of {@link Threads}: no M can be had for a task while another one is started, which then finds
 * nothing and goes idle. The start forgets that an M was wanted before the new M looks, or nobody
 * would run the task. The new M's steps are those of its starter here, which may be that late.
 */
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Found, or an M woken, or sysmon sees to it")
@Outcome(expect = FORBIDDEN, desc = "Nobody looks any more")
public final class ThreadsWanting {
  private ThreadsWanting() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ThreadsWanting.class)
  @State
  public static class Holds {

    private final AtomicInteger queue = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger wanting = new AtomicInteger(1); // for what the new M is for
    private boolean found;
    private boolean woken;

    /** Threads.startNew, and then the new M: looks at the queue for the last time, and parks. */
    @Actor
    public void starter() {
      wanting.set(0);
      found = queue.get() != 0;
      idle.set(1);
    }

    /** Makes a task visible, and finds an idle M or wants one in vain. */
    @Actor
    public void producer() {
      queue.set(1);
      woken = idle.get() != 0;
      if (!woken) {
        wanting.set(1);
      }
    }

    /** Whether somebody runs it. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = found || woken || wanting.get() != 0 ? 1 : 0;
    }
  }

  /** Forgets it after the start. */
  @JCStressTest
  @JCStressMeta(ThreadsWanting.class)
  @State
  public static class Twin {

    private final AtomicInteger queue = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger wanting = new AtomicInteger(1);
    private boolean found;
    private boolean woken;

    /** Threads.startNew, and then the new M: looks at the queue for the last time, and parks. */
    @Actor
    public void starter() {
      found = queue.get() != 0;
      idle.set(1);
      wanting.set(0);
    }

    /** Makes a task visible, and finds an idle M or wants one in vain. */
    @Actor
    public void producer() {
      queue.set(1);
      woken = idle.get() != 0;
      if (!woken) {
        wanting.set(1);
      }
    }

    /** Whether somebody runs it. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = found || woken || wanting.get() != 0 ? 1 : 0;
    }
  }
}
