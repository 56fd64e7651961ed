package dev.raddle.context;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A child that is derived while its parent ends has ended in the end: {@link CancelCtx} adds it and
 * decides under one lock. The twin looks first and adds then.
 */
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The child has ended")
@Outcome(expect = FORBIDDEN, desc = "A child that nobody will end")
public final class ContextChild {
  private ContextChild() {}

  private static final class LookThenAdd {
    private volatile boolean ended;
    private volatile boolean childListed;
    private volatile boolean childEnded;

    void cancel() {
      boolean listed = childListed;
      ended = true;
      if (listed) {
        childEnded = true;
      }
    }

    void add() {
      if (ended) {
        childEnded = true;
      } else {
        childListed = true;
      }
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ContextChild.class)
  @State
  public static class Holds {

    private final CancelContext ctx = Context.background().withCancel();
    private @Nullable Context child;

    /** Ends it. */
    @Actor
    public void canceller() {
      ctx.cancel();
    }

    /** Derives from it. */
    @Actor
    public void maker() {
      child = ctx.withCancel();
    }

    /** After both. */
    @Arbiter
    public void after(I_Result r) {
      Context c = child;
      r.r1 = c != null && c.err() != null ? 1 : 0;
    }
  }

  /** A look and an addition in place of the lock. */
  @JCStressTest
  @JCStressMeta(ContextChild.class)
  @State
  public static class Twin {

    private final LookThenAdd ctx = new LookThenAdd();

    /** Ends it. */
    @Actor
    public void canceller() {
      ctx.cancel();
    }

    /** Derives from it. */
    @Actor
    public void maker() {
      ctx.add();
    }

    /** After both. */
    @Arbiter
    public void after(I_Result r) {
      r.r1 = ctx.childEnded ? 1 : 0;
    }
  }
}
