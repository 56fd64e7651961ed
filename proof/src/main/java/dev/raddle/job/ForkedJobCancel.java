package dev.raddle.job;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Cancelling {@link ForkedJob} while an M takes it: it ends once, and the interrupt of the
 * canceller stays with the job. In the twin the interrupt status is a field.
 */
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "Cancelled before it began")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "It ran")
@Outcome(expect = FORBIDDEN, desc = "Ended twice or never, or the thread is left interrupted")
public final class ForkedJobCancel {
  private ForkedJobCancel() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ForkedJobCancel.class)
  @State
  public static class Holds {
    private final ProofJob job = new ProofJob();

    /** An M. */
    @Actor
    public void runner(III_Result r) {
      job.takeAndRun();
      r.r3 = Thread.interrupted() ? 1 : 0;
    }

    /** Any thread. */
    @Actor
    public void canceller() {
      job.cancel();
    }

    /** Counts. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = job.runs();
      r.r2 = job.isCancelled() == (job.runs() == 0) ? job.endings() : -1;
    }
  }

  /** The runner does not wait until the interrupt has been sent. */
  @JCStressTest
  @JCStressMeta(ForkedJobCancel.class)
  @State
  public static class Twin {
    private volatile boolean ended;
    private volatile boolean stopped;
    private volatile boolean interrupted;

    /** An M. */
    @Actor
    public void runner() {
      ended = true;
      if (stopped) {
        interrupted = false;
      }
    }

    /** Any thread. */
    @Actor
    public void canceller() {
      if (!ended) {
        stopped = true;
        interrupted = true;
      }
    }

    /** Counts. */
    @Arbiter
    public void end(III_Result r) {
      r.r1 = 1;
      r.r2 = 1;
      r.r3 = interrupted ? 1 : 0;
    }
  }
}
