package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A channel whose receiver waits until it is closed is always ready for a send, to the receiver or
 * to fail. The twin looks whether it is open first, and for a receiver then.
 */
@Outcome(id = "false", expect = ACCEPTABLE, desc = "A send would go on, or fail")
@Outcome(id = "true", expect = FORBIDDEN, desc = "Found it open and without a receiver")
public final class ChanLookClosed {
  private ChanLookClosed() {}

  private static Hchan awaited() {
    var c = new Hchan(0);
    c.receivers.add(new Sudog(c, false, null));
    return c;
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanLookClosed.class)
  @State
  public static class Holds {
    private final Hchan c = awaited();

    /** Closes. */
    @Actor
    public void closes() {
      c.close(null);
    }

    /** Looks. */
    @Actor
    public void looks(Z_Result r) {
      r.r1 = c.sendBlocks();
    }
  }

  /** In the other order. */
  @JCStressTest
  @JCStressMeta(ChanLookClosed.class)
  @State
  public static class Twin {
    private final Hchan c = awaited();

    /** Closes. */
    @Actor
    public void closes() {
      c.close(null);
    }

    /** Looks. */
    @Actor
    public void looks(Z_Result r) {
      boolean open = !c.isClosed();
      Thread.onSpinWait(); // time for the close
      r.r1 = open && c.receivers.isEmpty();
    }
  }
}
