package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.Chan;
import dev.raddle.Recv;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A receiver that comes to wait, a send that does not wait, and a close: the receiver gets what was
 * sent or sees the close, and always comes back. In the twin parking is a flag.
 */
@Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "Sent and received")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Nobody waited yet; closed")
@Outcome(expect = FORBIDDEN, desc = "Lost, made up, or asleep for ever")
public final class ChanCloseReceiver {
  private ChanCloseReceiver() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanCloseReceiver.class)
  @State
  public static class Holds {
    private final Chan<Integer> chan = Chan.make();

    /** Receives, waiting. */
    @Actor
    public void receiver(II_Result r) {
      try {
        Recv<Integer> got = chan.receive();
        r.r1 = got.ok() ? Objects.requireNonNull(got.value()) : 0;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Sends if the receiver is there, and closes. */
    @Actor
    public void closer(II_Result r) {
      r.r2 = chan.trySend(7) ? 1 : 0;
      chan.close();
    }
  }

  /** Looks whether it is closed, and then queues: not in one step. */
  @JCStressTest
  @JCStressMeta(ChanCloseReceiver.class)
  @State
  public static class Twin {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();
    private int elem;

    /** Receives, waiting. */
    @Actor
    public void receiver() {
      if (closed.get()) {
        woken.set(true);
      } else {
        queued.set(true);
      }
    }

    /** Sends if the receiver is there, and closes. */
    @Actor
    public void closer(II_Result r) {
      if (queued.compareAndSet(true, false)) {
        elem = 7;
        woken.set(true);
        r.r2 = 1;
      }
      closed.set(true);
      if (queued.compareAndSet(true, false)) {
        woken.set(true);
      }
    }

    /** A receiver that nobody woke sleeps. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = woken.get() ? elem : -1;
    }
  }
}
