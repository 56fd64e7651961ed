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
 * The k-th receive from a channel of C slots happens before the completion of the (k+C)-th send: a
 * channel serves as a semaphore. Here C is 1. The twin has one slot more.
 */
@Outcome(id = "7", expect = ACCEPTABLE, desc = "The second send saw the first receive")
@Outcome(expect = FORBIDDEN, desc = "The second send did not wait for the first receive")
public final class ChanSlot {
  private ChanSlot() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanSlot.class)
  @State
  public static class Holds {
    private final Chan<Integer> chan = Chan.make(1);
    private int payload;

    /** Sends one element more than there are slots. */
    @Actor
    public void sender(I_Result r) {
      try {
        chan.send(1);
        chan.send(2);
        r.r1 = payload;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Receives one. */
    @Actor
    public void receiver() {
      try {
        payload = 7;
        chan.recv();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A slot too many. */
  @JCStressTest
  @JCStressMeta(ChanSlot.class)
  @State
  public static class Twin {
    private final Chan<Integer> chan = Chan.make(2);
    private int payload;

    /** Sends one element more than there are slots. */
    @Actor
    public void sender(I_Result r) {
      try {
        chan.send(1);
        chan.send(2);
        r.r1 = payload;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Receives one. */
    @Actor
    public void receiver() {
      try {
        payload = 7;
        chan.recv();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
