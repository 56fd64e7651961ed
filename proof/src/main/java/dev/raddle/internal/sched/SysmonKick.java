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
 * K1 of {@link Sysmon}: it says that it sleeps and then looks whether a P runs; an M whose P runs
 * from now on looks afterwards whether it has to be woken.
 */
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Sysmon saw the P")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Both saw")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Sysmon is woken")
@Outcome(expect = FORBIDDEN, desc = "It sleeps, nobody wakes it")
public final class SysmonKick {
  private SysmonKick() {}

  @SuppressWarnings("NullAway") // a P that is only a status needs no scheduler
  private static final ProcSched NO_SCHED = null;

  private static final SchedConfig CONFIG = new SchedConfig("proof", 1, new int[0], 2, true);

  /** As it is. */
  @JCStressTest
  @JCStressMeta(SysmonKick.class)
  @State
  public static class Holds {

    private final P p = new P(NO_SCHED, 0, CONFIG, new Slot(0));
    private volatile boolean asleep;

    /** It is idle. */
    public Holds() {
      p.status(P.IDLE);
    }

    /** Sysmon.sleepDeeply: when it sleeps, 1. */
    @Actor
    public void sysmon(II_Result r) {
      asleep = true;
      r.r1 = p.isRunning() ? 0 : 1;
    }

    /** Sysmon.kick: when it wakes, 1. */
    @Actor
    public void m(II_Result r) {
      p.status(P.RUNNING);
      r.r2 = asleep ? 1 : 0;
    }
  }

  /** The store is not ordered before the load that follows. */
  @JCStressTest
  @JCStressMeta(SysmonKick.class)
  @State
  public static class Twin {

    private final AtomicInteger status = new AtomicInteger(P.IDLE);
    private final AtomicInteger asleep = new AtomicInteger();

    /** Sysmon.sleepDeeply: when it sleeps, 1. */
    @Actor
    public void sysmon(II_Result r) {
      asleep.setRelease(1); // may pass the load below, on x86 too
      r.r1 = status.get() == P.RUNNING ? 0 : 1;
    }

    /** Sysmon.kick: when it wakes, 1. */
    @Actor
    public void m(II_Result r) {
      status.setRelease(P.RUNNING);
      r.r2 = asleep.get();
    }
  }
}
