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
 * A permit that is left over from an earlier wait: the JDK's unpark of a virtual thread then only
 * reads it and writes nothing, so that nothing but done itself orders done before that read. It
 * must be a volatile write ({@link Waiter}, R2).
 */
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Awake, or with a permit")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever")
public final class WaiterLeftover {
  private WaiterLeftover() {}

  /** The parts of both. */
  abstract static class Base {
    final AtomicBoolean done = new AtomicBoolean();
    final AtomicBoolean permit = new AtomicBoolean(true);
    boolean asleep;

    void unpark() {
      if (!permit.get()) {
        permit.set(true);
      }
    }

    void untilDone() {
      while (!done.get()) {
        if (!permit.getAndSet(false)) {
          asleep = true;
          return;
        }
      }
    }

    int end() {
      return asleep && !permit.get() ? 0 : 1;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(WaiterLeftover.class)
  @State
  public static class Holds extends Base {

    /** The waker. */
    @Actor
    public void waker() {
      done.set(true);
      unpark();
    }

    /** The waiter: a permit lets a park return; without one it sleeps. */
    @Actor
    public void waiter() {
      untilDone();
    }

    /** Whether it sleeps on. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = end();
    }
  }

  /** Done by a release, which may still be in the store buffer at the read of the permit. */
  @JCStressTest
  @JCStressMeta(WaiterLeftover.class)
  @State
  public static class Twin extends Base {

    /** The waker. */
    @Actor
    public void waker() {
      done.setRelease(true);
      unpark();
    }

    /** The waiter: a permit lets a park return; without one it sleeps. */
    @Actor
    public void waiter() {
      untilDone();
    }

    /** Whether it sleeps on. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = end();
    }
  }
}
