package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class IdleStackTest {
  private static final class Node implements IdleStack.Node {
    private final int index;
    private volatile int below;

    Node(int index) {
      this.index = index;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int below() {
      return below;
    }

    @Override
    public void below(int link) {
      below = link;
    }
  }

  private final Node[] nodes = new Node[8];
  private final IdleStack<IdleStackTest.Node> stack =
      new IdleStack<IdleStackTest.Node>() {
        @Override
        IdleStackTest.Node at(int index) {
          return nodes[index];
        }
      };

  IdleStackTest() {
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = new Node(i);
    }
  }

  /** Follows TestLFStack (runtime/lfstack_test.go). */
  @Test
  void givesTheLastFirst() {
    assertTrue(stack.isEmpty());
    assertNull(stack.pop());
    stack.push(nodes[3]);
    stack.push(nodes[0]);
    assertEquals(2, stack.size());
    assertEquals(nodes[0], stack.pop());
    assertEquals(nodes[3], stack.pop());
    assertNull(stack.pop());
    assertEquals(0, stack.size());
  }

  /**
   * Follows TestLFStackStress (runtime/lfstack_test.go). Without the tag a pop that was delayed
   * would put a node that is in use back on the stack.
   */
  @Test
  @Timeout(60)
  void aNodeIsHeldByOneThreadAtATimeAndNoneIsLost() throws InterruptedException {
    for (Node n : nodes) {
      stack.push(n);
    }
    var held = new AtomicIntegerArray(nodes.length);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 300_000; i++) {
                      @Nullable Node a = stack.pop();
                      @Nullable Node b = stack.pop();
                      use(held, a);
                      use(held, b);
                      if (a != null) {
                        giveBack(held, a);
                      }
                      if (b != null) {
                        giveBack(held, b);
                      }
                    }
                  }));
    }
    for (Thread t : threads) {
      t.join();
    }
    for (int i = 0; i < nodes.length; i++) {
      assertEquals(0, held.get(i), "a node was held twice");
    }
    Set<Node> left = new HashSet<>();
    for (Node n; (n = stack.pop()) != null; ) {
      assertTrue(left.add(n));
    }
    assertEquals(nodes.length, left.size());
  }

  private static void use(AtomicIntegerArray held, @Nullable Node n) {
    if (n != null && held.incrementAndGet(n.index) != 1) {
      held.addAndGet(n.index, 1_000_000); // stays visible until the end
    }
  }

  private void giveBack(AtomicIntegerArray held, Node n) {
    held.decrementAndGet(n.index);
    stack.push(n);
  }
}
