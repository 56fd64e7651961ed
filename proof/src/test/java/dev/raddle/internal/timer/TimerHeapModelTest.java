package dev.raddle.internal.timer;

import dev.raddle.internal.sched.Models;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Adding, cancelling and firing timers is linearizable, while they move between heaps too. */
class TimerHeapModelTest {
  @Test
  void isLinearizable() {
    Models.holds(Operations.class);
  }

  @Test
  void aHeapWithoutItsLockIsRejected() {
    Models.isRejected(WithoutLock.class, 0);
  }

  @Test
  void movingWithoutAStateOfItsOwnIsRejected() {
    Models.isRejected(WithoutMoving.class, 0);
  }

  private static final class Numbered extends Timer {
    volatile boolean fired;

    Numbered(int number) {
      super(number);
    }

    @Override
    protected void fire() {
      fired = true;
    }
  }

  /** What Lincheck calls: three timers, two heaps. */
  @Param(name = "timer", gen = IntGen.class, conf = "0:2")
  public static class Operations {
    private final TimerHeap one = new TimerHeap();
    private final TimerHeap two = new TimerHeap();
    private final Numbered[] timers = {new Numbered(0), new Numbered(1), new Numbered(2)};

    /** All in one heap. */
    public Operations() {
      for (Numbered t : timers) {
        one.add(t);
      }
    }

    /** Anyone. */
    @Operation
    public boolean cancel(@Param(name = "timer") int timer) {
      return timers[timer].cancel();
    }

    /** Fires the first timer, if it is in its first heap. */
    @Operation(nonParallelGroup = "drain")
    public int runDue() {
      return one.runDue(0);
    }

    /** The timers go to the other heap. */
    @Operation(nonParallelGroup = "drain")
    public void drain() {
      one.drain(two::add);
    }

    /** Whether it has fired. */
    @Operation
    public boolean fired(@Param(name = "timer") int timer) {
      return timers[timer].fired;
    }
  }

  /** A heap of one timer, without a lock. */
  @Param(name = "timer", gen = IntGen.class, conf = "0:1")
  public static class WithoutLock {
    private volatile @Nullable Numbered first = new Numbered(0);

    /** As runDue. */
    @Operation
    public int runDue() {
      Numbered due = first;
      if (due == null) {
        return 0;
      }
      first = null;
      due.fire();
      return 1;
    }

    /** As cancel. */
    @Operation
    public boolean cancel() {
      if (first == null) {
        return false;
      }
      first = null;
      return true;
    }
  }

  /** Two heaps, each with its lock, and a timer that is in neither while it moves. */
  public static class WithoutMoving {
    private final List<Numbered> one = new ArrayList<>(List.of(new Numbered(0)));
    private final List<Numbered> two = new ArrayList<>();

    private static boolean takeFrom(List<Numbered> heap) {
      synchronized (heap) {
        return !heap.isEmpty() && heap.removeLast() != null;
      }
    }

    /** As drain. */
    @Operation(nonParallelGroup = "drain")
    public void drain() {
      if (takeFrom(one)) {
        synchronized (two) {
          two.add(new Numbered(0));
        }
      }
    }

    /** As cancel. */
    @Operation
    public boolean cancel() {
      return takeFrom(one) || takeFrom(two);
    }
  }
}
