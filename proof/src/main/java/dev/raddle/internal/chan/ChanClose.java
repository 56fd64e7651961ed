package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Recv;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A send beside a close: it is there for whoever drains the channel, or it failed. */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Sent, and whoever closes drains it")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused")
@Outcome(expect = FORBIDDEN, desc = "Sent, and nobody gets it")
public final class ChanClose {
  private ChanClose() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanClose.class)
  @State
  public static class Holds {

    private final Chan<Integer> chan = Chan.make(1);
    private int drained;

    /** Sends. */
    @Actor
    public void sender(II_Result r) {
      try {
        r.r1 = chan.trySend(7) ? 1 : 0;
      } catch (ChannelClosedException e) {
        r.r1 = 0;
      }
    }

    /** Closes, and takes what is there. */
    @Actor
    public void closer() {
      chan.close();
      Recv<Integer> got = chan.tryRecv();
      drained = got != null && got.ok() ? 1 : 0;
    }

    /** Tells. */
    @Arbiter
    public void end(II_Result r) {
      r.r2 = drained;
    }
  }

  /** Looks whether it is closed, and then sends. */
  @JCStressTest
  @JCStressMeta(ChanClose.class)
  @State
  public static class Twin {

    private final AtomicBoolean closed = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
    private int drained;

    /** Sends. */
    @Actor
    public void sender(II_Result r) {
      r.r1 = !closed.get() && queue.add(7) ? 1 : 0;
    }

    /** Closes, and takes what is there. */
    @Actor
    public void closer() {
      closed.set(true);
      drained = queue.poll() == null ? 0 : 1;
    }

    /** Tells. */
    @Arbiter
    public void end(II_Result r) {
      r.r2 = drained;
    }
  }
}
