package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.raddle.internal.timer.TimerHeap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** R1 of {@link Alarm}: dropped while it is being added, it is in no heap afterwards. */
@Outcome(id = "0", expect = ACCEPTABLE, desc = "In no heap")
@Outcome(expect = FORBIDDEN, desc = "Dropped, and still in the heap")
public final class AlarmDrop {
  private AlarmDrop() {}

  static final class Silent extends Alarm {
    Silent() {
      super(0);
    }

    @Override
    protected void fire() {}
  }

  /** As it is. */
  @JCStressTest
  @JCStressMeta(AlarmDrop.class)
  @State
  public static class Holds {

    private final TimerHeap heap = new TimerHeap();
    private final Silent alarm = new Silent();

    /** Adds, then looks whether it was dropped. */
    @Actor
    public void set() {
      heap.add(alarm);
      alarm.added();
    }

    /** Drops. */
    @Actor
    public void drop() {
      alarm.drop();
    }

    /** Looks what is left. */
    @Arbiter
    public void count(I_Result r) {
      r.r1 = heap.size();
    }
  }

  /** Looks first, then adds. */
  @JCStressTest
  @JCStressMeta(AlarmDrop.class)
  @State
  public static class Twin {

    private final TimerHeap heap = new TimerHeap();
    private final Silent alarm = new Silent();
    private volatile boolean dropped;

    /** Looks whether it was dropped, then adds. */
    @Actor
    public void set() {
      if (!dropped) {
        heap.add(alarm);
      }
    }

    /** Drops. */
    @Actor
    public void drop() {
      dropped = true;
      alarm.cancel();
    }

    /** Looks what is left. */
    @Arbiter
    public void count(I_Result r) {
      r.r1 = heap.size();
    }
  }
}
