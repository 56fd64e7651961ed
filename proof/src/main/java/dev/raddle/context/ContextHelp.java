package dev.raddle.context;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * R4 of {@link CancelCtx}: when a cancel returns all below has ended, also if another one had come
 * before and is still at it. The twin returns when it finds the context decided.
 */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both find the child ended")
@Outcome(expect = FORBIDDEN, desc = "A cancel returned before the child had ended")
public final class ContextHelp {
  private ContextHelp() {}

  private static final class FirstAlone {
    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile boolean childEnded;

    void cancel() {
      if (decided.compareAndSet(false, true)) {
        childEnded = true;
      }
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ContextHelp.class)
  @State
  public static class Holds {

    private final CancelContext ctx = Context.background().withCancel();
    private final Context child = ctx.withCancel();

    /** Ends it. */
    @Actor
    public void one(II_Result r) {
      ctx.cancel();
      r.r1 = child.err() != null ? 1 : 0;
    }

    /** Ends it. */
    @Actor
    public void two(II_Result r) {
      ctx.cancel();
      r.r2 = child.err() != null ? 1 : 0;
    }
  }

  /** The second does not help. */
  @JCStressTest
  @JCStressMeta(ContextHelp.class)
  @State
  public static class Twin {

    private final FirstAlone ctx = new FirstAlone();

    /** Ends it. */
    @Actor
    public void one(II_Result r) {
      ctx.cancel();
      r.r1 = ctx.childEnded ? 1 : 0;
    }

    /** Ends it. */
    @Actor
    public void two(II_Result r) {
      ctx.cancel();
      r.r2 = ctx.childEnded ? 1 : 0;
    }
  }
}
