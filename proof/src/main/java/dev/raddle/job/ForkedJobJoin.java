package dev.raddle.job;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * R1 and R2 of {@link ForkedJob}: a joiner that parks is told of the end, and sees the result. The
 * real one would not come back otherwise. In the twin parking is a flag.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Back, with the result")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever, or back without the result")
public final class ForkedJobJoin {
  private ForkedJobJoin() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ForkedJobJoin.class)
  @State
  public static class Holds {
    private final ProofJob job = new ProofJob();

    /** An M. */
    @Actor
    public void runner() {
      job.takeAndRun();
    }

    /** A plain thread, which always parks. */
    @Actor
    public void joiner(I_Result r) {
      try {
        r.r1 = job.join();
      } catch (InterruptedException e) {
        r.r1 = -1;
      }
    }
  }

  /** The joiner's name is in another word than the state, and it does not look again. */
  @JCStressTest
  @JCStressMeta(ForkedJobJoin.class)
  @State
  public static class Twin {
    private volatile boolean done;
    private volatile boolean waiting;
    private volatile boolean told;

    /** An M. */
    @Actor
    public void runner() {
      done = true;
      if (waiting) {
        told = true;
      }
    }

    /** A joiner. */
    @Actor
    public void joiner() {
      if (done) {
        told = true;
        return;
      }
      waiting = true;
    }

    /** Whether it is back. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = told ? 7 : 0;
    }
  }
}
