package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GlobalQueueTest {
  private record Task(int number) implements Runnable {
    @Override
    public void run() {}
  }

  private final GlobalQueue queue = new GlobalQueue();

  @Test
  void isFirstInFirstOutWithinAClass() {
    var local = new RunQueue(4);
    queue.push(G.NORMAL, new Task(1));
    queue.push(G.NORMAL, new Task(2));
    queue.push(G.HIGH, new Task(3));
    assertFalse(queue.isEmpty());
    assertNull(queue.poll(G.LOW, local));
    assertEquals(new Task(1), queue.poll(G.NORMAL, local));
    assertEquals(new Task(2), queue.poll(G.NORMAL, local));
    assertEquals(new Task(3), queue.poll(G.HIGH, local));
    assertTrue(queue.isEmpty());
  }

  @Test
  void aBatchGoesToTheLocalQueueAndItsRestStays() {
    var local = new RunQueue(4);
    var batch = new Runnable[10];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = new Task(i);
    }
    queue.pushAll(G.NORMAL, batch);
    Set<Runnable> seen = new HashSet<>();
    for (int rounds = 0; seen.size() < batch.length && rounds < 100; rounds++) {
      Runnable task = queue.poll(G.NORMAL, local);
      if (task != null) {
        assertTrue(seen.add(task), "given twice: " + task);
      }
      while ((task = local.pop()) != null) {
        assertTrue(seen.add(task), "given twice: " + task);
      }
    }
    assertEquals(batch.length, seen.size());
    assertTrue(queue.isEmpty());
  }
}
