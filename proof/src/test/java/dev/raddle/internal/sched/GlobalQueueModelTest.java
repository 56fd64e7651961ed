package dev.raddle.internal.sched;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** {@link GlobalQueue} is linearizable, batches included, while local queues have room. */
class GlobalQueueModelTest {
  @Test
  void isLinearizable() {
    Models.holds(Operations.class);
  }

  @Test
  void aBatchThatIsSharedIsRejected() {
    Models.isRejected(Shared.class, 0);
  }

  private record Numbered(int number) implements Runnable {
    @Override
    public void run() {}
  }

  private static int number(Runnable task) {
    return task instanceof Numbered(int number) ? number : -1;
  }

  /** What Lincheck calls. */
  @Param(name = "task", gen = IntGen.class, conf = "0:9")
  public static class Operations {
    private final GlobalQueue q = new GlobalQueue();

    /** From outside. */
    @Operation
    public void push(@Param(name = "task") int task) {
      q.push(G.NORMAL, new Numbered(task));
    }

    /** An overflow. */
    @Operation
    public void pushAll(@Param(name = "task") int task) {
      q.pushAll(G.NORMAL, new Runnable[] {new Numbered(task), new Numbered(task + 10)});
    }

    /** An M. */
    @Operation
    public List<Integer> poll() {
      var local = new RunQueue(2);
      List<Integer> got = new ArrayList<>();
      for (Runnable t = q.poll(G.NORMAL, local); t != null; t = local.pop()) {
        got.add(number(t));
      }
      return got;
    }

    /** Anyone. */
    @Operation
    public boolean isEmpty() {
      return q.isEmpty();
    }
  }

  /** The same over a batch that all pollers share. */
  @Param(name = "task", gen = IntGen.class, conf = "0:9")
  public static class Shared {
    private final GlobalBatch.SharedBatch q = new GlobalBatch.SharedBatch();

    /** For Lincheck. */
    public Shared() {
      q.pushAll(G.NORMAL, new Runnable[] {new Numbered(1), new Numbered(2)});
    }

    /** An M. */
    @Operation
    public List<Integer> poll() {
      var local = new RunQueue(2);
      List<Integer> got = new ArrayList<>();
      for (Runnable t = q.poll(G.NORMAL, local); t != null; t = local.pop()) {
        got.add(number(t));
      }
      return got;
    }
  }
}
