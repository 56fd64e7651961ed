package dev.raddle.internal.sched;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link RunQueue} is linearizable: one owner, any number of thieves. */
class RunQueueModelTest {
  @Test
  void isLinearizable() {
    Models.holds(Operations.class);
  }

  @Test
  void needsItsEpoch() {
    Models.isRejected(WithoutEpoch.class, 2);
  }

  @Test
  void needsTheSlotBeforeTheWord() {
    Models.isRejected(WordBeforeSlot.class, 2);
  }

  private record Numbered(int number) implements Runnable {
    @Override
    public void run() {}
  }

  /** Tasks are told apart by identity, as in the scheduler. */
  private static final Runnable[] TASKS = {new Numbered(0), new Numbered(1), new Numbered(2)};

  private static int number(@Nullable Runnable task) {
    return task instanceof Numbered(int number) ? number : -1;
  }

  private static List<Integer> numbers(@Nullable Runnable[] tasks) {
    List<Integer> numbers = new ArrayList<>();
    for (Runnable t : tasks) {
      numbers.add(number(t));
    }
    return numbers;
  }

  /** What Lincheck calls. */
  @Param(name = "task", gen = IntGen.class, conf = "0:2")
  public static class Operations {
    private final RunQueue q = new RunQueue(4);

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public boolean push(@Param(name = "task") int task) {
      return q.push(TASKS[task]);
    }

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public int pop() {
      return number(q.pop());
    }

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public boolean popTail(@Param(name = "task") int task) {
      return q.popTail(TASKS[task]);
    }

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public List<Integer> takeHalf() {
      @Nullable Runnable[] half = q.takeHalfIfFull();
      return half == null ? List.of() : numbers(half);
    }

    /** Thief. */
    @Operation
    public List<Integer> steal() {
      var mine = new RunQueue(4);
      List<Integer> stolen = new ArrayList<>();
      for (Runnable t = q.stealInto(mine); t != null; t = mine.pop()) {
        stolen.add(number(t));
      }
      return stolen;
    }

    /** Anyone. */
    @Operation
    public int size() {
      return q.size();
    }
  }

  /** The same over a queue with a fault. */
  @Param(name = "task", gen = IntGen.class, conf = "0:2")
  public abstract static class Broken {
    private final BrokenRunQueue q;

    Broken(BrokenRunQueue.Fault fault) {
      q = new BrokenRunQueue(fault, 4);
    }

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public boolean push(@Param(name = "task") int task) {
      return q.push(TASKS[task]);
    }

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public int pop() {
      return number(q.pop());
    }

    /** Owner. */
    @Operation(nonParallelGroup = "owner")
    public boolean popTail(@Param(name = "task") int task) {
      return q.popTail(TASKS[task]);
    }

    /** Thief. */
    @Operation
    public List<Integer> steal() {
      return numbers(q.steal());
    }
  }

  /** A twin. */
  public static class WithoutEpoch extends Broken {
    /** For Lincheck. */
    public WithoutEpoch() {
      super(BrokenRunQueue.Fault.NO_EPOCH);
    }
  }

  /** A twin. */
  public static class WordBeforeSlot extends Broken {
    /** For Lincheck. */
    public WordBeforeSlot() {
      super(BrokenRunQueue.Fault.WORD_BEFORE_SLOT);
    }
  }
}
