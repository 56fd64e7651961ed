package dev.raddle.context;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * R1 of {@link CancelCtx}: who sees that a context has ended sees why, and what came before the
 * cancel. The twin sets the cause after the error.
 */
@Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Not ended yet")
@Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "Ended, with the cause and what came before")
@Outcome(expect = FORBIDDEN, desc = "Ended without its cause, or without what came before")
public final class ContextCancel {
  private ContextCancel() {}

  private static final class CauseLast {
    private volatile boolean err;
    private volatile @Nullable Throwable cause;

    void cancel(Throwable reason) {
      err = true;
      cause = reason;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ContextCancel.class)
  @State
  public static class Holds {

    private final CancelContext ctx = Context.background().withCancel();
    private final Throwable cause = new DeadlineExceededException((Throwable) null); // any
    private int payload;

    /** Ends it. */
    @Actor
    public void canceller() {
      payload = 7;
      ctx.cancel(cause);
    }

    /** Looks. */
    @Actor
    public void observer(II_Result r) {
      boolean ended = ctx.err() != null;
      r.r1 = !ended ? -1 : ctx.cause() == cause ? 1 : 0;
      r.r2 = !ended ? -1 : payload;
    }
  }

  /** The error before the cause. */
  @JCStressTest
  @JCStressMeta(ContextCancel.class)
  @State
  public static class Twin {

    private final CauseLast ctx = new CauseLast();
    private final Throwable cause = new DeadlineExceededException((Throwable) null); // any
    private int payload;

    /** Ends it. */
    @Actor
    public void canceller() {
      payload = 7;
      ctx.cancel(cause);
    }

    /** Looks. */
    @Actor
    public void observer(II_Result r) {
      boolean ended = ctx.err;
      r.r1 = !ended ? -1 : ctx.cause == cause ? 1 : 0;
      r.r2 = !ended ? -1 : payload;
    }
  }
}
