package dev.raddle.sync;

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
 * {@link WaitGroup}: a waiter adds itself and then reads the count; the last done() sets the count
 * and then looks for waiters. The real one parks; it would not come back if a wake-up were lost. In
 * the twin parking is a flag.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Back, and sees what was written before done()")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever, or back too early")
public final class WaitGroupWait {
  private WaitGroupWait() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(WaitGroupWait.class)
  @State
  public static class Holds {

    private final WaitGroup group = new WaitGroup();
    private int payload;

    /** One to wait for. */
    public Holds() {
      group.add(1);
    }

    /** Is waited for. */
    @Actor
    public void done() {
      payload = 7;
      group.done();
    }

    /** Waits. */
    @Actor
    public void await(I_Result r) {
      try {
        group.await();
        r.r1 = payload;
      } catch (InterruptedException e) {
        r.r1 = -1;
      }
    }
  }

  /** Does not read the count again. */
  @JCStressTest
  @JCStressMeta(WaitGroupWait.class)
  @State
  public static class Twin {

    private final AtomicInteger count = new AtomicInteger(1);
    private final AtomicInteger waiters = new AtomicInteger();
    private int payload;
    private boolean back;

    /** Is waited for. */
    @Actor
    public void done() {
      payload = 7;
      if (count.decrementAndGet() == 0) {
        waiters.set(0); // wakes them
      }
    }

    /** Waits. */
    @Actor
    public void await() {
      if (count.get() == 0) {
        back = true;
        return;
      }
      waiters.incrementAndGet();
    }

    /** A waiter that nobody took sleeps. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = back || waiters.get() == 0 ? payload : 0;
    }
  }
}
