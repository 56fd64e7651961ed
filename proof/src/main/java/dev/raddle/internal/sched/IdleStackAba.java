package dev.raddle.internal.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The tag of {@link IdleStack}: a delayed pop does not put a node back that is in use. */
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Each node is held or on the stack, once")
@Outcome(expect = FORBIDDEN, desc = "A node is in two places, or in none")
public final class IdleStackAba {
  private IdleStackAba() {}

  static final class Place implements IdleStack.Node {
    private final int index;
    private volatile int below;

    Place(int index) {
      this.index = index;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int below() {
      int link = below;
      for (int i = 0; i < 20; i++) {
        Thread.onSpinWait(); // widens the window
      }
      return link;
    }

    @Override
    public void below(int link) {
      below = link;
    }
  }

  static final class Stack extends IdleStack<Place> {
    private final Place[] nodes;

    Stack(Place... nodes) {
      this.nodes = nodes;
    }

    @Override
    Place at(int index) {
      return nodes[index];
    }
  }

  /** Without a tag. */
  static final class Tagless {
    private final Place[] nodes;
    private final AtomicInteger head = new AtomicInteger();

    Tagless(Place... nodes) {
      this.nodes = nodes;
    }

    void push(Place node) {
      int h;
      do {
        h = head.get();
        node.below(h);
      } while (!head.compareAndSet(h, node.index() + 1));
    }

    @Nullable Place pop() {
      while (true) {
        int h = head.get();
        if (h == 0) {
          return null;
        }
        Place node = nodes[h - 1];
        if (head.compareAndSet(h, node.below())) {
          return node;
        }
      }
    }
  }

  private static void hold(AtomicIntegerArray held, @Nullable Place node) {
    if (node != null) {
      held.incrementAndGet(node.index);
    }
  }

  /** The stack. */
  @JCStressTest
  @JCStressMeta(IdleStackAba.class)
  @State
  public static class Holds {
    private final Place a = new Place(0);
    private final Place b = new Place(1);
    private final Stack stack = new Stack(a, b);
    private final AtomicIntegerArray held = new AtomicIntegerArray(2);

    /** Both on the stack. */
    public Holds() {
      stack.push(b);
      stack.push(a);
    }

    /** Takes one. */
    @Actor
    public void one() {
      hold(held, stack.pop());
    }

    /** Takes two, gives the first back. */
    @Actor
    public void two() {
      Place first = stack.pop();
      hold(held, stack.pop());
      if (first != null) {
        stack.push(first);
      }
    }

    /** Counts. */
    @Arbiter
    public void rest(II_Result r) {
      hold(held, stack.pop());
      hold(held, stack.pop());
      r.r1 = held.get(0);
      r.r2 = held.get(1);
    }
  }

  /** Without a tag. */
  @JCStressTest
  @JCStressMeta(IdleStackAba.class)
  @State
  public static class Twin {
    private final Place a = new Place(0);
    private final Place b = new Place(1);
    private final Tagless stack = new Tagless(a, b);
    private final AtomicIntegerArray held = new AtomicIntegerArray(2);

    /** Both on the stack. */
    public Twin() {
      stack.push(b);
      stack.push(a);
    }

    /** Takes one. */
    @Actor
    public void one() {
      hold(held, stack.pop());
    }

    /** Takes two, gives the first back. */
    @Actor
    public void two() {
      Place first = stack.pop();
      hold(held, stack.pop());
      if (first != null) {
        stack.push(first);
      }
    }

    /** Counts. */
    @Arbiter
    public void rest(II_Result r) {
      hold(held, stack.pop());
      hold(held, stack.pop());
      r.r1 = held.get(0);
      r.r2 = held.get(1);
    }
  }
}
