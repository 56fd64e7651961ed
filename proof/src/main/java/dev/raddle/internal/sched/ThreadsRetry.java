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
 * R2 of {@link Threads}: while sysmon sees to an M that was wanted, another one is wanted in vain.
 * Sysmon forgets the want before it looks for work and an idle P, so that it finds those of the
 * other, or that want stays.
 */
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Woken now, or in sysmon's next round")
@Outcome(expect = FORBIDDEN, desc = "The P stays idle, nobody looks any more")
public final class ThreadsRetry {
  private ThreadsRetry() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ThreadsRetry.class)
  @State
  public static class Holds {

    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger wanting = new AtomicInteger(1); // of an earlier one
    private boolean woken;

    /** Threads.withoutThread: gives its P back. */
    @Actor
    public void starter() {
      idle.set(1);
      wanting.set(1);
    }

    /** Threads.retry. */
    @Actor
    public void sysmon() {
      wanting.set(0);
      woken = idle.get() != 0;
    }

    /** Whether somebody looks. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = woken || wanting.get() != 0 ? 1 : 0;
    }
  }

  /** Looks first, and then forgets the want. */
  @JCStressTest
  @JCStressMeta(ThreadsRetry.class)
  @State
  public static class Twin {

    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger wanting = new AtomicInteger(1);
    private boolean woken;

    /** Threads.withoutThread: gives its P back. */
    @Actor
    public void starter() {
      idle.set(1);
      wanting.set(1);
    }

    /** Threads.retry. */
    @Actor
    public void sysmon() {
      woken = idle.get() != 0;
      wanting.set(0);
    }

    /** Whether somebody looks. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = woken || wanting.get() != 0 ? 1 : 0;
    }
  }
}
