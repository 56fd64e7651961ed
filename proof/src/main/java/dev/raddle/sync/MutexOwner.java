package dev.raddle.sync;

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
 * R2 of {@link Mutex}: who has locked it says so and then looks whether somebody is queued; who has
 * queued looks afterwards whom it could lend its class.
 */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The owner borrows")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The waiter lends")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both")
@Outcome(expect = FORBIDDEN, desc = "The owner stays in its class, one of a higher class waits")
public final class MutexOwner {
  private MutexOwner() {}

  private static final int HELD = 1;
  private static final int QUEUED = 4;

  /** As it is. */
  @JCStressTest
  @JCStressMeta(MutexOwner.class)
  @State
  public static class Holds {

    private final AtomicInteger state = new AtomicInteger(HELD);
    private volatile int owner;

    /** Mutex.owned, after the lock: when it borrows, 1. */
    @Actor
    public void owner(II_Result r) {
      owner = 1;
      r.r1 = (state.get() & QUEUED) != 0 ? 1 : 0;
    }

    /** Mutex.takeOrQueue: when it lends, 1. */
    @Actor
    public void waiter(II_Result r) {
      state.compareAndSet(HELD, HELD | QUEUED);
      r.r2 = owner;
    }
  }

  /** The owner is not ordered before the look at the state. */
  @JCStressTest
  @JCStressMeta(MutexOwner.class)
  @State
  public static class Twin {

    private final AtomicInteger state = new AtomicInteger(HELD);
    private final AtomicInteger owner = new AtomicInteger();

    /** Mutex.owned, after the lock: when it borrows, 1. */
    @Actor
    public void owner(II_Result r) {
      owner.setRelease(1); // may pass the load below, on x86 too
      r.r1 = (state.get() & QUEUED) != 0 ? 1 : 0;
    }

    /** Mutex.takeOrQueue: when it lends, 1. */
    @Actor
    public void waiter(II_Result r) {
      state.compareAndSet(HELD, HELD | QUEUED);
      r.r2 = owner.get();
    }
  }
}
