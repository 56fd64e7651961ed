package dev.raddle.context;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The door of {@link Tally}: who came in before the close is counted by it, all others are refused.
 * The twin keeps the door apart from the count.
 */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "In, and counted")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused")
@Outcome(expect = FORBIDDEN, desc = "In, though the close found nobody")
public final class ScopeTally {
  private ScopeTally() {}

  private static final class DoorApart {
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    boolean enter() {
      if (closed) {
        return false;
      }
      count.incrementAndGet();
      return true;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ScopeTally.class)
  @State
  public static class Holds {

    private final Tally tally = new Tally();

    /** Comes in. */
    @Actor
    public void goer(II_Result r) {
      r.r1 = tally.enter() ? 1 : 0;
    }

    /** Closes, and waits for those that it counts. */
    @Actor
    public void closer(II_Result r) {
      tally.close();
      r.r2 = tally.count();
    }
  }

  /** Two fields. */
  @JCStressTest
  @JCStressMeta(ScopeTally.class)
  @State
  public static class Twin {

    private final DoorApart tally = new DoorApart();

    /** Comes in. */
    @Actor
    public void goer(II_Result r) {
      r.r1 = tally.enter() ? 1 : 0;
    }

    /** Closes, and waits for those that it counts. */
    @Actor
    public void closer(II_Result r) {
      tally.closed = true;
      r.r2 = tally.count.get();
    }
  }
}
