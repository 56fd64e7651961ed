package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A receive from a full channel for which a sender waits leaves it full, so that nobody who looks
 * without the lock finds it empty. The twin counts down, then up, as {@code Hchan.recvLocked} once
 * did.
 */
@Outcome(id = "false", expect = ACCEPTABLE, desc = "Found an element")
@Outcome(id = "true", expect = FORBIDDEN, desc = "Found it empty, which it never was")
public final class ChanLookFull {
  private ChanLookFull() {}

  private static Hchan full() {
    var c = new Hchan(1);
    c.trySend(1);
    c.senders.add(new Sudog(c, true, 2));
    return c;
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(ChanLookFull.class)
  @State
  public static class Holds {
    private final Hchan c = full();

    /** Receives the first of two. */
    @Actor
    public void receiver() {
      c.lock();
      c.recvLocked(new Hchan.Attempt()); // the waiter is not woken: it is no goroutine
      c.unlock();
    }

    /** Looks. */
    @Actor
    public void looks(Z_Result r) {
      r.r1 = c.recvBlocks();
    }
  }

  /** With a count that is 0 for a moment. */
  @JCStressTest
  @JCStressMeta(ChanLookFull.class)
  @State
  public static class Twin {
    private final Hchan c = new Hchan(1);

    /** Starts with one element. */
    public Twin() {
      c.trySend(1);
    }

    /** Takes one and puts one, in a critical section. */
    @Actor
    public void receiver() {
      c.lock();
      c.recvLocked(new Hchan.Attempt());
      VarHandle.fullFence(); // or the compiler leaves out the first of two writes
      Thread.onSpinWait(); // time for the look
      c.put(2);
      c.unlock();
    }

    /** Looks. */
    @Actor
    public void looks(Z_Result r) {
      r.r1 = c.recvBlocks();
    }
  }
}
