package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * W1 and W3 of {@link ProcSched}: the task is visible before the searchers are read, and an M has
 * left their count before its last look. In interleavings: WakesModelTest.
 */
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Woken")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Found")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both")
@Outcome(expect = FORBIDDEN, desc = "Nobody runs it")
public final class WakeOrder {
  private WakeOrder() {}

  /** As it is. */
  @JCStressTest
  @JCStressMeta(WakeOrder.class)
  @State
  public static class Holds {

    private final AtomicInteger queue = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger searchers = new AtomicInteger(1);

    /** Makes a task visible: when it must wake, 1. */
    @Actor
    public void producer(II_Result r) {
      queue.set(1);
      r.r1 = searchers.get() == 0 && idle.get() != 0 ? 1 : 0;
    }

    /** The last searcher goes idle: when it finds work, 1. */
    @Actor
    public void searcher(II_Result r) {
      idle.set(1);
      searchers.set(0);
      r.r2 = queue.get();
    }
  }

  /** The task may become visible after the look at the searchers, on x86 too. */
  @JCStressTest
  @JCStressMeta(WakeOrder.class)
  @State
  public static class Twin {

    private final AtomicInteger queue = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger searchers = new AtomicInteger(1);

    /** Makes a task visible: when it must wake, 1. */
    @Actor
    public void producer(II_Result r) {
      queue.setRelease(1);
      r.r1 = searchers.get() == 0 && idle.get() != 0 ? 1 : 0;
    }

    /** The last searcher goes idle: when it finds work, 1. */
    @Actor
    public void searcher(II_Result r) {
      idle.set(1);
      searchers.set(0);
      r.r2 = queue.get();
    }
  }
}
