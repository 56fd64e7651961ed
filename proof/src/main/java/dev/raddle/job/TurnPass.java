package dev.raddle.job;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * R1 of {@link Turn}: a visitor stores itself in its slot and then looks whose turn it is; the one
 * before says whose turn it is and then looks into the slot. The real visitor parks, and would not
 * come back if neither saw the other. In the twin parking is a flag.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Its turn, and it sees what was done before")
@Outcome(expect = FORBIDDEN, desc = "Asleep for ever")
public final class TurnPass {
  private TurnPass() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(TurnPass.class)
  @State
  public static class Holds {

    private final Turn turn = new Turn(new Children(), 2);
    private int payload;

    /** Number 0, whose turn it is. */
    @Actor
    public void first() {
      payload = 7;
      turn.pass();
    }

    /** Number 1. */
    @Actor
    public void second(I_Result r) {
      try {
        turn.await(1);
        r.r1 = payload;
      } catch (InterruptedException | Halt e) {
        r.r1 = -1;
      }
    }
  }

  /** The stores are not ordered before the loads that follow. */
  @JCStressTest
  @JCStressMeta(TurnPass.class)
  @State
  public static class Twin {

    private final AtomicInteger slot = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private boolean awake;
    private boolean readied;

    /** Number 0, whose turn it is. */
    @Actor
    public void first() {
      next.setRelease(1); // may pass the load below, on x86 too
      readied = slot.get() != 0;
    }

    /** Number 1. */
    @Actor
    public void second() {
      slot.setRelease(1);
      awake = next.get() == 1;
    }

    /** Whether it goes on. */
    @Arbiter
    public void end(I_Result r) {
      r.r1 = awake || readied ? 7 : 0;
    }
  }
}
