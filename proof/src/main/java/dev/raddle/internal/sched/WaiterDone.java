package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * R1 of {@link Waiter}: who sees that it is done sees what the waker wrote before. x86 keeps stores
 * in order and the JIT mostly does, so the twin spells the reordering out.
 */
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Not yet")
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Done, with what was handed over")
@Outcome(expect = FORBIDDEN, desc = "Done, without it")
public final class WaiterDone {
  private WaiterDone() {}

  private static final class Real extends Waiter {
    @Override
    protected boolean withdraw() {
      return false;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(WaiterDone.class)
  @State
  public static class Holds {

    private int payload;
    private final Real waiter = new Real();

    /** The waker. */
    @Actor
    public void waker() {
      payload = 7;
      waiter.ready();
    }

    /** The waiter, awake. */
    @Actor
    public void waiter(I_Result r) {
      r.r1 = waiter.isDone() ? payload : -1;
    }
  }

  /** Done first. */
  @JCStressTest
  @JCStressMeta(WaiterDone.class)
  @State
  public static class Twin {

    private int payload;
    private final Real waiter = new Real();

    /** The waker. */
    @Actor
    public void waker() {
      waiter.ready();
      payload = 7;
    }

    /** The waiter, awake. */
    @Actor
    public void waiter(I_Result r) {
      r.r1 = waiter.isDone() ? payload : -1;
    }
  }
}
