package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.Chan;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An unbuffered channel publishes both ways: a send happens before the completion of its receive,
 * and a receive before the completion of its send. Either of them may have to wait. The twin has a
 * slot, so that its sender does not wait for the receiver.
 */
@Outcome(id = "7, 7", expect = ACCEPTABLE, desc = "Each sees what the other wrote")
@Outcome(expect = FORBIDDEN, desc = "One went on without the other")
public final class ChanHandOff {
  private ChanHandOff() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanHandOff.class)
  @State
  public static class Holds {
    private final Chan<Integer> chan = Chan.make();
    private int before;
    private int after;

    /** Sends, and looks at what the receiver wrote before it received. */
    @Actor
    public void sender(II_Result r) {
      try {
        before = 7;
        chan.send(1);
        r.r1 = after;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Receives, and looks at what the sender wrote before it sent. */
    @Actor
    public void receiver(II_Result r) {
      try {
        after = 7;
        chan.recv();
        r.r2 = before;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** One slot. */
  @JCStressTest
  @JCStressMeta(ChanHandOff.class)
  @State
  public static class Twin {
    private final Chan<Integer> chan = Chan.make(1);
    private int before;
    private int after;

    /** Sends, and looks at what the receiver wrote before it received. */
    @Actor
    public void sender(II_Result r) {
      try {
        before = 7;
        chan.send(1);
        r.r1 = after;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Receives, and looks at what the sender wrote before it sent. */
    @Actor
    public void receiver(II_Result r) {
      try {
        after = 7;
        chan.recv();
        r.r2 = before;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
