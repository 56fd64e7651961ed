package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * O1 of {@link Closing}: a spawn counts and then reads sealed; the check seals and then reads the
 * count. Its look before that, which only saves the sealing, is left out.
 */
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Refused")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Accepted")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused, sealing taken back")
@Outcome(expect = FORBIDDEN, desc = "Accepted by a scheduler that is closed")
public final class ClosingSpawn {
  private ClosingSpawn() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ClosingSpawn.class)
  @State
  public static class Holds {

    private final AtomicLong live = new AtomicLong();
    private final AtomicBoolean sealed = new AtomicBoolean();

    /** Spawns from outside: when it is accepted, 1. */
    @Actor
    public void spawn(II_Result r) {
      live.incrementAndGet();
      if (sealed.get()) {
        live.decrementAndGet();
      } else {
        r.r1 = 1;
      }
    }

    /** Sysmon's check: when it closes for good, 1. */
    @Actor
    public void check(II_Result r) {
      sealed.set(true);
      if (live.get() == 0) {
        r.r2 = 1;
      } else {
        sealed.set(false);
      }
    }
  }

  /** Sealing may pass the load that follows it, on x86 too. */
  @JCStressTest
  @JCStressMeta(ClosingSpawn.class)
  @State
  public static class Twin {

    private final AtomicLong live = new AtomicLong();
    private final AtomicBoolean sealed = new AtomicBoolean();

    /** Spawns from outside: when it is accepted, 1. */
    @Actor
    public void spawn(II_Result r) {
      live.incrementAndGet();
      if (sealed.get()) {
        live.decrementAndGet();
      } else {
        r.r1 = 1;
      }
    }

    /** Sysmon's check: when it closes for good, 1. */
    @Actor
    public void check(II_Result r) {
      sealed.setRelease(true);
      if (live.get() == 0) {
        r.r2 = 1;
      } else {
        sealed.set(false);
      }
    }
  }
}
