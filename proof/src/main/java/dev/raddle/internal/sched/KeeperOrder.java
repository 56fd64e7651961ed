package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.timer.TimerHeap;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * T1 and T2 of {@link ProcSched}, R1 of {@link TimerHeap}: the keeper publishes when it wakes and
 * then reads the heap again; who adds a timer reads the keeper's instant afterwards. In small: an
 * empty heap, and a timer that is added while the keeper is about to sleep for good.
 */
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The keeper saw the timer")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Both saw")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The keeper is woken")
@Outcome(expect = FORBIDDEN, desc = "It sleeps, nobody wakes it")
public final class KeeperOrder {
  private KeeperOrder() {}

  private static final class Due extends Timer {
    Due() {
      super(5);
    }

    @Override
    protected void fire() {}
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(KeeperOrder.class)
  @State
  public static class Holds {

    private final TimerHeap heap = new TimerHeap();
    private final AtomicLong wakesAt = new AtomicLong(-1); // of an earlier sleep
    private final Due timer = new Due();

    /** The keeper: when it sleeps, 1. */
    @Actor
    public void keeper(II_Result r) {
      long when = heap.next();
      wakesAt.set(when);
      r.r1 = when == TimerHeap.NONE && heap.next() == when ? 1 : 0;
    }

    /** Adds a timer: when it wakes the keeper, 1. */
    @Actor
    public void adder(II_Result r) {
      heap.add(timer);
      long wakes = wakesAt.get();
      r.r2 = wakes == TimerHeap.NONE || timer.when() - wakes < 0 ? 1 : 0;
    }
  }

  /** The store is not ordered before the load that follows. */
  @JCStressTest
  @JCStressMeta(KeeperOrder.class)
  @State
  public static class Twin {

    private final TimerHeap heap = new TimerHeap();
    private final AtomicLong wakesAt = new AtomicLong(-1); // of an earlier sleep
    private final Due timer = new Due();

    /** The keeper: when it sleeps, 1. */
    @Actor
    public void keeper(II_Result r) {
      long when = heap.next();
      wakesAt.setRelease(when); // may pass the load below, on x86 too
      r.r1 = when == TimerHeap.NONE && heap.next() == when ? 1 : 0;
    }

    /** Adds a timer: when it wakes the keeper, 1. */
    @Actor
    public void adder(II_Result r) {
      heap.add(timer);
      long wakes = wakesAt.get();
      r.r2 = wakes == TimerHeap.NONE || timer.when() - wakes < 0 ? 1 : 0;
    }
  }
}
