package dev.raddle.internal.chan;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A select that waits to receive from two channels, and a sender on each: one of them gives it its
 * element, and what the other sent stays in its channel. The select is queued as {@link Select}
 * does it; nobody needs to park for that.
 */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One was received, one is still there")
@Outcome(expect = FORBIDDEN, desc = "Two cases fired, or none, or an element was lost")
public final class SelectTwo {
  private SelectTwo() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(SelectTwo.class)
  @State
  public static class Holds {
    private final Hchan a = new Hchan(1);
    private final Hchan b = new Hchan(1);
    private final SelectWait wait =
        new SelectWait(new Select(new Hchan[0], new boolean[0], new Object[0]));
    private final Sudog onA = new Sudog(a, false, null, wait, 0);
    private final Sudog onB = new Sudog(b, false, null, wait, 1);

    /** Waits on both. */
    public Holds() {
      a.receivers.add(onA);
      b.receivers.add(onB);
    }

    /** Sends to the one. */
    @Actor
    public void one() {
      a.trySend("one");
    }

    /** Sends to the other. */
    @Actor
    public void two() {
      b.trySend("two");
    }

    /** Counts what the select got, and what is left. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = wait.isDone() ? (onA.elem == null ? 0 : 1) + (onB.elem == null ? 0 : 1) : 0;
      r.r2 = a.length() + b.length();
    }
  }

  /** Senders that look whether the select waits, and then serve it. */
  @JCStressTest
  @JCStressMeta(SelectTwo.class)
  @State
  public static class Twin {
    private volatile @Nullable Object winner;
    private final AtomicInteger given = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    private void send(Object elem) {
      if (winner == null) {
        winner = elem;
        given.incrementAndGet();
      } else {
        left.incrementAndGet();
      }
    }

    /** Sends to the one. */
    @Actor
    public void one() {
      send("one");
    }

    /** Sends to the other. */
    @Actor
    public void two() {
      send("two");
    }

    /** Counts what the select got, and what is left. */
    @Arbiter
    public void end(II_Result r) {
      r.r1 = given.get();
      r.r2 = left.get();
    }
  }
}
