package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Two send to a channel each, then look into the other's without the lock: one finds something. The
 * twin looks as {@code Hchan.recvBlocks} does, but without the full fence.
 */
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "Both found something")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The second found something")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The first found something")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "Each looked before its own send was seen")
public final class ChanLook {
  private ChanLook() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanLook.class)
  @State
  public static class Holds {
    private final Hchan a = new Hchan(1);
    private final Hchan b = new Hchan(1);

    /** Sends to the first channel. */
    @Actor
    public void first(ZZ_Result r) {
      a.trySend(1);
      r.r1 = b.recvBlocks();
    }

    /** Sends to the second channel. */
    @Actor
    public void second(ZZ_Result r) {
      b.trySend(1);
      r.r2 = a.recvBlocks();
    }
  }

  /** Without a fence. */
  @JCStressTest
  @JCStressMeta(ChanLook.class)
  @State
  public static class Twin {
    private final Hchan a = new Hchan(1);
    private final Hchan b = new Hchan(1);

    /** Sends to the first channel. */
    @Actor
    public void first(ZZ_Result r) {
      a.trySend(1);
      r.r1 = !b.recvLooksReady();
    }

    /** Sends to the second channel. */
    @Actor
    public void second(ZZ_Result r) {
      b.trySend(1);
      r.r2 = !a.recvLooksReady();
    }
  }
}
