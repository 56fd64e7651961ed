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
 * Permits of {@link Waiter}: the unpark comes after done, so the permit that ends the wait is never
 * used up by a look that still finds it undone. Parking is a flag here, so that a lost wake-up can
 * be seen.
 */
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Awake, or with a permit")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever")
public final class WaiterPermit {
  private WaiterPermit() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(WaiterPermit.class)
  @State
  public static class Holds {

    private volatile boolean done;
    private final AtomicBoolean permit = new AtomicBoolean();
    private boolean asleep;

    /** The waker. */
    @Actor
    public void waker() {
      done = true;
      permit.set(true);
    }

    /** The waiter: a permit lets a park return; without one it sleeps. */
    @Actor
    public void waiter() {
      while (!done) {
        if (!permit.getAndSet(false)) {
          asleep = true;
          return;
        }
      }
    }

    /** A permit that is left over wakes it, and then it looks at done. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = asleep && !permit.get() ? 0 : 1;
    }
  }

  /** The permit first. */
  @JCStressTest
  @JCStressMeta(WaiterPermit.class)
  @State
  public static class Twin {

    private volatile boolean done;
    private final AtomicBoolean permit = new AtomicBoolean();
    private boolean asleep;

    /** The waker. */
    @Actor
    public void waker() {
      permit.set(true);
      done = true;
    }

    /** The waiter: a permit lets a park return; without one it sleeps. */
    @Actor
    public void waiter() {
      while (!done) {
        if (!permit.getAndSet(false)) {
          asleep = true;
          return;
        }
      }
    }

    /** A permit that is left over wakes it, and then it looks at done. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = asleep && !permit.get() ? 0 : 1;
    }
  }
}
