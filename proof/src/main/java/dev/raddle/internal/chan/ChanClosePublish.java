package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.Chan;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A close happens before a receive that returns because of it, whether the receiver waited or came
 * later. The twin tells that it is closed before it is done with what comes before.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Closed, and sees what was written before")
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Of the twin, which does not wait: not yet")
@Outcome(expect = FORBIDDEN, desc = "Closed, without what was written before")
public final class ChanClosePublish {
  private ChanClosePublish() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanClosePublish.class)
  @State
  public static class Holds {
    private final Chan<Integer> chan = Chan.make();
    private int payload;

    /** Closes. */
    @Actor
    public void closer() {
      payload = 7;
      chan.close();
    }

    /** Waits for the close. */
    @Actor
    public void receiver(I_Result r) {
      try {
        r.r1 = chan.receive().ok() ? 0 : payload;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Closed first, in the order that plain stores could take. */
  @JCStressTest
  @JCStressMeta(ChanClosePublish.class)
  @State
  public static class Twin {
    private volatile boolean closed;
    private int payload;

    /** Closes. */
    @Actor
    public void closer() {
      closed = true;
      payload = 7;
    }

    /** Looks. */
    @Actor
    public void receiver(I_Result r) {
      r.r1 = closed ? payload : -1;
    }
  }
}
