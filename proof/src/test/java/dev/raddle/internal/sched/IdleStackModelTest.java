package dev.raddle.internal.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@link IdleStack} is a linearizable stack, though its nodes come back. */
class IdleStackModelTest {
  private static final int NODES = 3;

  @Test
  void isLinearizable() {
    Models.holds(Operations.class);
  }

  @Test
  void needsItsTag() {
    Models.isRejected(WithoutTag.class, 0);
  }

  private static IdleStackAba.Place[] places() {
    var places = new IdleStackAba.Place[NODES];
    for (int i = 0; i < NODES; i++) {
      places[i] = new IdleStackAba.Place(i);
    }
    return places;
  }

  /** A stack, and what each thread holds. */
  public abstract static class Held {
    private static final int THREADS = 8; // more than Lincheck starts

    final IdleStackAba.Place[] places = places();
    private final List<Deque<IdleStackAba.Place>> held = new ArrayList<>();

    Held() {
      for (int i = 0; i < THREADS; i++) {
        held.add(new ArrayDeque<>());
      }
    }

    abstract void push(IdleStackAba.Place place);

    abstract IdleStackAba.@Nullable Place pop();

    /** Takes a node and keeps it. */
    @Operation
    public int take(@Param(gen = ThreadIdGen.class) int thread) {
      IdleStackAba.Place place = pop();
      if (place == null) {
        return -1;
      }
      held.get(thread).add(place);
      return place.index();
    }

    /** Gives back the node that it took first. */
    @Operation
    public int giveBack(@Param(gen = ThreadIdGen.class) int thread) {
      IdleStackAba.Place place = held.get(thread).poll();
      if (place == null) {
        return -1;
      }
      push(place);
      return place.index();
    }
  }

  /** What Lincheck calls. */
  public static class Operations extends Held {
    private final IdleStackAba.Stack stack = new IdleStackAba.Stack(places);

    /** All nodes on the stack. */
    public Operations() {
      for (IdleStackAba.Place p : places) {
        stack.push(p);
      }
    }

    @Override
    void push(IdleStackAba.Place place) {
      stack.push(place);
    }

    @Override
    IdleStackAba.@Nullable Place pop() {
      return stack.pop();
    }
  }

  /** The same without a tag. */
  public static class WithoutTag extends Held {
    private final IdleStackAba.Tagless stack = new IdleStackAba.Tagless(places);

    /** All nodes on the stack. */
    public WithoutTag() {
      for (IdleStackAba.Place p : places) {
        stack.push(p);
      }
    }

    @Override
    void push(IdleStackAba.Place place) {
      stack.push(place);
    }

    @Override
    IdleStackAba.@Nullable Place pop() {
      return stack.pop();
    }
  }
}
