package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * N2 of {@link Netpoller}: the keeper says that it is about to block in the poller and then looks
 * whether it was granted a P; who grants it looks afterwards whether the poller has to be woken.
 */
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The keeper saw the grant")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Both saw")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The poller is woken")
@Outcome(expect = FORBIDDEN, desc = "It blocks, nobody wakes the poller")
public final class PollKeeper {
  private PollKeeper() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(PollKeeper.class)
  @State
  public static class Holds {

    private final AtomicInteger polling = new AtomicInteger();
    private final AtomicInteger granted = new AtomicInteger();

    /** M.awaitNet: when it blocks, 1. */
    @Actor
    public void keeper(II_Result r) {
      polling.set(1);
      r.r1 = granted.get() == 0 ? 1 : 0;
    }

    /** M.grant and M.wake: when it wakes the poller, 1. */
    @Actor
    public void waker(II_Result r) {
      granted.set(1);
      r.r2 = polling.get();
    }
  }

  /** The store is not ordered before the load that follows. */
  @JCStressTest
  @JCStressMeta(PollKeeper.class)
  @State
  public static class Twin {

    private final AtomicInteger polling = new AtomicInteger();
    private final AtomicInteger granted = new AtomicInteger();

    /** M.awaitNet: when it blocks, 1. */
    @Actor
    public void keeper(II_Result r) {
      polling.setRelease(1); // may pass the load below, on x86 too
      r.r1 = granted.get() == 0 ? 1 : 0;
    }

    /** M.grant and M.wake: when it wakes the poller, 1. */
    @Actor
    public void waker(II_Result r) {
      granted.setRelease(1);
      r.r2 = polling.get();
    }
  }
}
