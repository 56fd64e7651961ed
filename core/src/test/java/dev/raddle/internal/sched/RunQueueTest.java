package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RunQueueTest {
  private record Task(int number) implements Runnable {
    @Override
    public void run() {}
  }

  private static Task task(int number) {
    return new Task(number);
  }

  @Test
  void givesTasksInOrderAndWrapsAround() {
    var q = new RunQueue(4);
    for (int i = 0; i < 100; i++) {
      assertTrue(q.push(task(2 * i)));
      assertTrue(q.push(task(2 * i + 1)));
      assertEquals(task(2 * i), q.pop());
      assertEquals(task(2 * i + 1), q.pop());
    }
    assertNull(q.pop());
  }

  @Test
  void refusesWhenFullAndGivesTheOlderHalfAway() {
    var q = new RunQueue(4);
    for (int i = 0; i < 4; i++) {
      assertTrue(q.push(task(i)));
    }
    assertFalse(q.push(task(4)));
    @Nullable Runnable[] half = q.takeHalfIfFull();
    assertNotNull(half);
    assertEquals(List.of(task(0), task(1)), List.of(half));
    assertNull(q.takeHalfIfFull());
    assertEquals(task(2), q.pop());
  }

  @Test
  void takesBackOnlyTheYoungest() {
    var q = new RunQueue(4);
    Task a = task(1);
    Task b = task(2);
    q.push(a);
    q.push(b);
    assertFalse(q.popTail(a));
    assertTrue(q.popTail(b));
    assertTrue(q.popTail(a));
    assertFalse(q.popTail(a));
    assertTrue(q.isEmpty());
  }

  @Test
  void thievesTakeTheOlderHalf() {
    var q = new RunQueue(8);
    var mine = new RunQueue(8);
    for (int i = 0; i < 5; i++) {
      q.push(task(i));
    }
    assertEquals(task(0), q.stealInto(mine));
    assertEquals(task(1), mine.pop());
    assertEquals(task(2), mine.pop());
    assertNull(mine.pop());
    assertEquals(task(3), q.pop());
  }

  @Test
  void aThiefTakesNoMoreThanItHasRoomFor() {
    var q = new RunQueue(8);
    var mine = new RunQueue(2);
    for (int i = 0; i < 8; i++) {
      q.push(task(i));
    }
    mine.push(task(100));
    assertEquals(task(0), q.stealInto(mine));
    assertEquals(task(100), mine.pop());
    assertEquals(task(1), mine.pop());
    assertEquals(task(2), q.pop());
  }

  @Test
  void stealingAllocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var q = new RunQueue(8);
    var mine = new RunQueue(8);
    Task a = task(1);
    int times = 20_000;
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 5; run++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < times; i++) {
        q.push(a);
        q.push(a);
        q.push(a);
        assertSame(a, q.stealInto(mine));
        assertSame(a, mine.pop());
        assertSame(a, q.pop());
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < times, least + " bytes in " + times + " steals");
  }

  @Test
  void refusesCapacitiesItCannotHold() {
    assertThrows(IllegalArgumentException.class, () -> new RunQueue(3));
    assertThrows(IllegalArgumentException.class, () -> new RunQueue(512));
  }

  /** Ordering pairs R1 and R2, and the epoch against ABA: no task is lost, none runs twice. */
  @Test
  @Timeout(60)
  void everyTaskIsTakenOnceUnderStealing() throws Exception {
    int tasks = 1_000_000;
    var q = new RunQueue(8);
    var taken = new AtomicIntegerArray(tasks);
    var done = new AtomicBoolean();
    List<Thread> thieves = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      thieves.add(Thread.ofPlatform().start(() -> steal(q, taken, done)));
    }
    for (int i = 0; i < tasks; i++) {
      Task t = task(i);
      while (!q.push(t)) {
        count(q.pop(), taken);
      }
      if (i % 3 == 0 && q.popTail(t)) {
        count(t, taken);
      }
      if (i % 7 == 0) {
        count(q.pop(), taken);
      }
    }
    for (Runnable t; (t = q.pop()) != null; ) {
      count(t, taken);
    }
    done.set(true);
    for (Thread t : thieves) {
      t.join();
    }
    for (int i = 0; i < tasks; i++) {
      assertEquals(1, taken.get(i), "task " + i);
    }
  }

  /** A goroutine that nobody can wake must be garbage, also if it was stolen before it ran. */
  @Test
  @Timeout(60)
  void anIdleQueueRefersToNothingThatWasStolen() {
    var q = new RunQueue(8);
    var mine = new RunQueue(8);
    var stolen = new ArrayList<WeakReference<Runnable>>();
    for (int i = 0; i < 4; i++) {
      Runnable t = task(i);
      stolen.add(new WeakReference<>(t));
      assertTrue(q.push(t));
    }
    assertNotNull(q.stealInto(mine));
    assertNotNull(q.takeAll());
    assertNotNull(mine.pop());
    q.forget();
    mine.forget();
    while (stolen.stream().anyMatch(r -> r.get() != null)) { // ends by the time limit
      System.gc();
    }
    assertTrue(q.push(task(9)));
    q.forget();
    assertEquals(task(9), q.pop());
  }

  private static void steal(RunQueue from, AtomicIntegerArray taken, AtomicBoolean done) {
    var mine = new RunQueue(8);
    while (!done.get() || !from.isEmpty()) {
      count(from.stealInto(mine), taken);
      for (Runnable t; (t = mine.pop()) != null; ) {
        count(t, taken);
      }
    }
  }

  private static void count(@Nullable Runnable t, AtomicIntegerArray taken) {
    if (t instanceof Task(int number)) {
      taken.incrementAndGet(number);
    } else {
      assertSame(null, t);
    }
  }
}
