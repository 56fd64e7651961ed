package dev.raddle.internal.timer;

import bench.jmh.Timed;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@link TimerHeap} with some timers in it. */
@State(Scope.Thread)
public class TimerHeapBench extends Timed {
  private static final long LAST = 1L << 40;
  private static final int OTHERS = 1 << 10;

  /** How many timers are in the heap. */
  @Param({"0", "1000", "1000000"})
  public int timers;

  private final TimerHeap heap = new TimerHeap();
  private final Counted[] others = new Counted[OTHERS];
  private final Counted due = new Counted(1);
  private final Counted last = new Counted(LAST + 1);
  private int next;

  private static final class Counted extends Timer {
    private int fired;

    private Counted(long when) {
      super(when);
    }

    @Override
    protected void fire() {
      fired++;
    }
  }

  /** Fills the heap. */
  @Setup
  public void fill() {
    var random = new SplittableRandom(42);
    for (int i = 0; i < timers; i++) {
      check(heap.add(new Counted(random.nextLong(2, LAST))));
    }
    for (int i = 0; i < OTHERS; i++) {
      others[i] = new Counted(random.nextLong(2, LAST));
    }
  }

  /** A timer that is due before and after any other. */
  @Benchmark
  public void addRemove() {
    Counted t = others[next++ & (OTHERS - 1)];
    check(heap.add(t));
    check(heap.remove(t) >= 0);
  }

  /** A time limit that is longer than all others. */
  @Benchmark
  public void addRemoveLast() {
    check(heap.add(last));
    check(heap.remove(last) >= 0);
  }

  /** A timer that is due first, and fires. */
  @Benchmark
  public void addFire() {
    int before = due.fired;
    check(heap.add(due));
    check(heap.runDue(1) == 1);
    check(due.fired == before + 1);
  }
}
