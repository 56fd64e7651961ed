package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.Chan;
import dev.raddle.ChannelClosedException;
import dev.raddle.Recv;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A sender that comes to wait, a receive that does not wait, and a close: the send succeeds if and
 * only if its element was received, and always comes back. In the twin parking is a flag.
 */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Sent and received")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Refused, and nobody got it")
@Outcome(expect = FORBIDDEN, desc = "Lost, refused though received, or asleep for ever")
public final class ChanCloseSender {
  private ChanCloseSender() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanCloseSender.class)
  @State
  public static class Holds {
    private final Chan<Integer> chan = Chan.make();

    /** Sends, waiting. */
    @Actor
    public void sender(II_Result r) {
      try {
        chan.send(7);
        r.r1 = 1;
      } catch (ChannelClosedException e) {
        r.r1 = 0;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Receives if the sender is there, and closes. */
    @Actor
    public void closer(II_Result r) {
      Recv<Integer> got = chan.tryRecv();
      chan.close();
      r.r2 = got == null ? 0 : 1;
    }
  }

  /** A close that refuses whoever it has seen waiting, received from or not. */
  @JCStressTest
  @JCStressMeta(ChanCloseSender.class)
  @State
  public static class Twin {
    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private int refused;

    /** Sends, waiting: queues, unless it is closed. */
    @Actor
    public void sender() {
      if (closed.get()) {
        refused = 1;
      } else {
        queued.set(true);
      }
    }

    /** Receives if the sender is there, and closes. */
    @Actor
    public void closer(II_Result r) {
      r.r2 = queued.get() ? 1 : 0;
      closed.set(true);
      if (r.r2 == 0 && queued.get()) {
        refused = 1;
      }
    }

    /** A sender that was neither received from nor refused sleeps. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = refused == 1 ? 0 : r.r2 == 1 ? 1 : -1;
    }
  }
}
