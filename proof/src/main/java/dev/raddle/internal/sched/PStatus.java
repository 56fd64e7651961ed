package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The status of {@link P}: the right to run is given up by its M or handed off by sysmon, and not
 * both, or there would be one P too many.
 */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Idle")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Handed off")
@Outcome(expect = FORBIDDEN, desc = "Both, or neither")
public final class PStatus {
  private PStatus() {}

  @SuppressWarnings("NullAway") // a P that is only a status needs no scheduler
  private static final ProcSched NO_SCHED = null;

  private static final SchedConfig CONFIG = new SchedConfig("proof", 1, new int[0], 2, true);

  /** A check, then a store. */
  private static final class Checked {
    private volatile int status = P.RUNNING;

    boolean casStatus(int from, int to) {
      if (status != from) {
        return false;
      }
      status = to;
      return true;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(PStatus.class)
  @State
  public static class Holds {

    private final P p = new P(NO_SCHED, 0, CONFIG, new Slot(0));

    /** It runs. */
    public Holds() {
      p.status(P.RUNNING);
    }

    /** The M: goes idle. */
    @Actor
    public void owner(II_Result r) {
      r.r1 = p.casStatus(P.RUNNING, P.IDLE) ? 1 : 0;
    }

    /** Sysmon: hands off. */
    @Actor
    public void sysmon(II_Result r) {
      r.r2 = p.detach(p.runsIn()) ? 1 : 0;
    }
  }

  /** A check and a store. */
  @JCStressTest
  @JCStressMeta(PStatus.class)
  @State
  public static class Twin {

    private final Checked p = new Checked();

    /** The M: goes idle. */
    @Actor
    public void owner(II_Result r) {
      r.r1 = p.casStatus(P.RUNNING, P.IDLE) ? 1 : 0;
    }

    /** Sysmon: hands off. */
    @Actor
    public void sysmon(II_Result r) {
      r.r2 = p.casStatus(P.RUNNING, P.DETACHED) ? 1 : 0;
    }
  }
}
