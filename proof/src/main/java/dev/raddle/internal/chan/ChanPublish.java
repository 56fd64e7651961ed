package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A channel publishes the element and what was written before it was sent: {@link Hchan} does all
 * in the critical section of its lock. The twin tells of the element before it is there, in the
 * order that plain stores could take.
 */
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Nothing there yet")
@Outcome(id = "7", expect = ACCEPTABLE, desc = "The element, and what came before")
@Outcome(expect = FORBIDDEN, desc = "An element that is not there, or without what came before")
public final class ChanPublish {
  private ChanPublish() {}

  /** A channel of one slot whose count is not under a lock. */
  private static final class Slot {
    private volatile int count;
    private volatile @Nullable Object elem;

    Slot(int capacity) {
      count = capacity - 1;
    }

    void trySend(Object e) {
      count = 1;
      elem = e;
    }

    @Nullable Object tryRecv(Object blocked, Object closed) {
      return count == 0 ? blocked : count == 2 ? closed : elem;
    }
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanPublish.class)
  @State
  public static class Holds {

    private final Hchan chan = new Hchan(1);
    private int payload;

    /** Sends. */
    @Actor
    public void sender() {
      payload = 7;
      chan.trySend("element");
    }

    /** Receives. */
    @Actor
    public void receiver(I_Result r) {
      Object got = chan.tryRecv("blocked", "closed");
      r.r1 = "blocked".equals(got) ? -1 : "element".equals(got) ? payload : 0;
    }
  }

  /** The count before the element. */
  @JCStressTest
  @JCStressMeta(ChanPublish.class)
  @State
  public static class Twin {

    private final Slot chan = new Slot(1);
    private int payload;

    /** Sends. */
    @Actor
    public void sender() {
      payload = 7;
      chan.trySend("element");
    }

    /** Receives. */
    @Actor
    public void receiver(I_Result r) {
      Object got = chan.tryRecv("blocked", "closed");
      r.r1 = "blocked".equals(got) ? -1 : "element".equals(got) ? payload : 0;
    }
  }
}
