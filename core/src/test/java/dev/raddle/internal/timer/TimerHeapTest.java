package dev.raddle.internal.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
  private final List<Long> fired = new ArrayList<>();

  private final class Probe extends Timer {
    Probe(long when) {
      super(when);
    }

    @Override
    protected void fire() {
      fired.add(when());
    }
  }

  @Test
  void firesWhatIsDueInOrderAndLeavesTheRest() {
    var heap = new TimerHeap();
    for (long when : new long[] {50, 10, 40, 20, 30}) {
      heap.add(new Probe(when));
    }
    assertEquals(3, heap.runDue(30));
    assertEquals(List.of(10L, 20L, 30L), fired);
    assertEquals(40, heap.next());
  }

  @Test
  void aCancelledTimerNeverFires() {
    var heap = new TimerHeap();
    var t = new Probe(1);
    assertFalse(t.cancel());
    heap.add(t);
    assertTrue(t.cancel());
    assertFalse(t.cancel());
    assertEquals(0, heap.runDue(100));
    assertEquals(TimerHeap.NONE, heap.next());
  }

  @Test
  void agreesWithASortedListUnderRandomAddsAndCancels() {
    var random = new Random(42);
    var heap = new TimerHeap();
    List<Probe> model = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (model.isEmpty() || random.nextInt(3) > 0) {
        var t = new Probe(random.nextInt(1_000_000));
        heap.add(t);
        model.add(t);
      } else {
        assertTrue(model.remove(random.nextInt(model.size())).cancel());
      }
    }
    heap.runDue(1_000_000);
    assertEquals(model.stream().map(Timer::when).sorted().toList(), fired);
  }
}
