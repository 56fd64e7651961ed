package dev.raddle.net.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * R2 of {@link PollSide}: a waiter is in place before the last look at the reasons not to wait; who
 * has a reason sets it before it looks for a waiter.
 */
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The waiter saw the reason")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It parks, and is woken")
@Outcome(expect = FORBIDDEN, desc = "It parks, and nobody has seen it")
public final class PollSideKick {
  private PollSideKick() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(PollSideKick.class)
  @State
  public static class Holds {

    private final AtomicBoolean reason = new AtomicBoolean();
    private final Reader side = new Reader();

    /** When it parks, 1. */
    @Actor
    public void waiter(II_Result r) {
      r.r1 = side.stopped(reason::get) == Reader.PARKED ? 1 : 0;
    }

    /** A context ends. */
    @Actor
    public void kicker() {
      reason.set(true);
      side.kick();
    }

    /** Whether it still waits. */
    @Arbiter
    public void after(II_Result r) {
      r.r2 = side.isAwaited() ? 1 : 0;
    }
  }

  /** Without the second look. */
  @JCStressTest
  @JCStressMeta(PollSideKick.class)
  @State
  public static class Twin {

    private final AtomicBoolean reason = new AtomicBoolean();
    private final AtomicReference<@Nullable Object> word = new AtomicReference<>();

    /** When it parks, 1. */
    @Actor
    public void waiter(II_Result r) {
      if (!reason.get()) {
        word.compareAndSet(null, this);
        r.r1 = 1;
      }
    }

    /** A context ends. */
    @Actor
    public void kicker() {
      reason.set(true);
      word.compareAndSet(this, null);
    }

    /** Whether it still waits. */
    @Arbiter
    public void after(II_Result r) {
      r.r2 = word.get() == null ? 0 : 1;
    }
  }
}
