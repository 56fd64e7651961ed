package dev.raddle.context;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.Chan;
import dev.raddle.RecvChan;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * R3 of {@link CancelCtx}: who sees the error finds the channel closed. The twin shows the error as
 * soon as it is set, as Go did until its issue 75533.
 */
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Not ended yet")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Ended, and done is closed")
@Outcome(expect = FORBIDDEN, desc = "An error, but done is open")
public final class ContextDone {
  private ContextDone() {}

  private static final class ErrFirst {
    private final Chan<Void> done = Chan.make();
    private volatile boolean err;

    void cancel() {
      err = true;
      done.close();
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ContextDone.class)
  @State
  public static class Holds {

    private final CancelContext ctx = Context.background().withCancel();
    private final RecvChan<Void> done = ctx.done();

    /** Ends it. */
    @Actor
    public void canceller() {
      ctx.cancel();
    }

    /** Looks. */
    @Actor
    public void observer(I_Result r) {
      r.r1 = ctx.err() == null ? -1 : done.tryRecv() != null ? 1 : 0;
    }
  }

  /** The error without a look at the channel. */
  @JCStressTest
  @JCStressMeta(ContextDone.class)
  @State
  public static class Twin {

    private final ErrFirst ctx = new ErrFirst();

    /** Ends it. */
    @Actor
    public void canceller() {
      ctx.cancel();
    }

    /** Looks. */
    @Actor
    public void observer(I_Result r) {
      r.r1 = !ctx.err ? -1 : ctx.done.tryRecv() != null ? 1 : 0;
    }
  }
}
