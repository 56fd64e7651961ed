package dev.raddle.job;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The claim of {@link ForkedJob}: an M and a joiner never both run it, and one does. */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It ran once, and ended once")
@Outcome(expect = FORBIDDEN, desc = "It ran twice, or never")
public final class ForkedJobClaim {
  private ForkedJobClaim() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ForkedJobClaim.class)
  @State
  public static class Holds {
    private final ProofJob job = new ProofJob();

    /** An M. */
    @Actor
    public void runner() {
      job.takeAndRun();
    }

    /** A joiner. */
    @Actor
    public void joiner() {
      job.joinInPlace();
    }

    /** Counts. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = job.runs();
      r.r2 = job.endings();
    }
  }

  /** Looks and then stores, in place of the CAS. */
  @JCStressTest
  @JCStressMeta(ForkedJobClaim.class)
  @State
  public static class Twin {
    private volatile boolean claimed;
    private int first;
    private int second;

    /** An M. */
    @Actor
    public void runner() {
      if (!claimed) {
        claimed = true;
        first++;
      }
    }

    /** A joiner. */
    @Actor
    public void joiner() {
      if (!claimed) {
        claimed = true;
        second++;
      }
    }

    /** Counts. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = first + second;
      r.r2 = 1;
    }
  }
}
