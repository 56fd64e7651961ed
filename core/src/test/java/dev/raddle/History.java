package dev.raddle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Whether what some threads did to some channels could have been done by one thread, one operation
 * after the other, each between its call and its return.
 *
 * Search      Of the operations not placed yet, any that was called before all of them had returned may
 *             come next; it must have the effect that the model gives it. Depth first; a state reached
 *             with the same operations behind it is not searched again.
 * Rendezvous  Where an element goes from hand to hand, both come next together. One of the two at
 *             least must be an operation that waits: two that do not never meet.
 * No effect   Operations that were interrupted or cancelled did nothing, and are not here.
 * Idle        One that found nothing to do did so at one instant, over all its channels. An unbuffered
 *             channel excuses it always, as the history cannot tell whether a counterpart waited.
 * Sources     Wing and Gong, "Testing and verifying concurrent objects" (1993); the states seen: Lowe,
 *             "Testing for linearizability" (2017).
 */
/** A short history of operations on channels. */
final class History {
  /** What an operation did. */
  sealed interface Effect {}

  /**
   * Sent an element.
   *
   * @param waits whether it would have waited
   */
  record Sent(int chan, int element, boolean waits) implements Effect {}

  /**
   * Received an element.
   *
   * @param element null when the channel was closed and drained
   * @param waits whether it would have waited
   */
  record Got(int chan, @Nullable Integer element, boolean waits) implements Effect {}

  /** Received all these in one step; not more than was there. */
  record Drained(int chan, List<Integer> elements) implements Effect {}

  /** Failed because one of these channels was closed. */
  record Refused(List<Integer> chans) implements Effect {}

  /** Closed a channel. */
  record Closed(int chan) implements Effect {}

  /** Found nothing to do: no room to send there, nothing to receive there. */
  record Idle(List<Integer> sends, List<Integer> recvs) implements Effect {}

  /** Asked for the length. */
  record Len(int chan, int length) implements Effect {}

  /**
   * An operation.
   *
   * @param by whose
   * @param call before it began
   * @param end after it ended; no two stamps are equal
   */
  record Op(int by, long call, long end, Effect effect) {}

  private final List<Op> ops;
  private final Set<List<Object>> seen = new HashSet<>();

  private History(List<Op> ops) {
    this.ops = ops;
  }

  /** The most operations that {@link #isLinearizable} takes. */
  static final int MAX = 24;

  /** Whether there is an order; {@code chans} are as they were before the first. */
  static boolean isLinearizable(List<Op> ops, List<ChanModel> chans) {
    if (ops.size() > MAX) {
      throw new IllegalArgumentException("expected at most " + MAX + ", found " + ops.size());
    }
    return new History(ops).search(0, chans);
  }

  private boolean search(int placed, List<ChanModel> chans) {
    if (placed == (1 << ops.size()) - 1) {
      return true;
    }
    List<Object> state = new ArrayList<>();
    state.add(placed);
    chans.forEach(c -> state.add(c.state()));
    if (!seen.add(state)) {
      return false;
    }
    long horizon = Long.MAX_VALUE;
    for (int i = 0; i < ops.size(); i++) {
      if ((placed & 1 << i) == 0) {
        horizon = Math.min(horizon, ops.get(i).end);
      }
    }
    int next = 0;
    for (int i = 0; i < ops.size(); i++) {
      if ((placed & 1 << i) == 0 && ops.get(i).call < horizon) {
        next |= 1 << i;
      }
    }
    for (int i = 0; i < ops.size(); i++) {
      if ((next & 1 << i) != 0) {
        List<ChanModel> after = new ArrayList<>();
        chans.forEach(c -> after.add(c.copy()));
        int also = place(i, next, after);
        if (also != 0 && search(placed | also, after)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Places one, of those that may come next. Returns it and its partners as bits; 0: cannot be. */
  private int place(int i, int next, List<ChanModel> chans) {
    int me = 1 << i;
    boolean can =
        switch (ops.get(i).effect) {
          case Sent s -> {
            ChanModel c = chans.get(s.chan);
            if (c.capacity == 0) {
              int partner = c.closed ? -1 : receiver(s, next & ~me);
              yield partner >= 0 && (me |= 1 << partner) != 0;
            }
            yield Boolean.TRUE.equals(c.trySend(s.element));
          }
          case Got g -> {
            Recv<Integer> r = chans.get(g.chan).tryRecv(); // of a rendezvous: placed by its sender
            yield r != null && Objects.equals(r.value(), g.element);
          }
          case Drained d -> {
            int senders = drain(d, next & ~me, chans.get(d.chan));
            me |= senders;
            yield senders >= 0;
          }
          case Refused r -> r.chans.stream().anyMatch(c -> chans.get(c).closed);
          case Closed x -> {
            boolean open = !chans.get(x.chan).closed;
            chans.get(x.chan).closed = true;
            yield open;
          }
          case Idle n ->
              n.sends.stream().noneMatch(c -> chans.get(c).canSend())
                  && n.recvs.stream().noneMatch(c -> chans.get(c).canRecv());
          case Len l -> chans.get(l.chan).length() == l.length;
        };
    return can ? me : 0;
  }

  private int receiver(Sent s, int among) {
    for (int i = 0; i < ops.size(); i++) {
      if ((among & 1 << i) != 0
          && ops.get(i).effect instanceof Got g
          && g.chan == s.chan
          && g.element != null
          && g.element == s.element
          && (g.waits || s.waits)) {
        return i;
      }
    }
    return -1;
  }

  /** Takes elements from the buffer, then from senders that wait: those, as bits; -1: cannot be. */
  private int drain(Drained d, int among, ChanModel c) {
    int senders = 0;
    for (int element : d.elements) {
      if (c.length() == 0) {
        int sender = sender(d.chan, element, among & ~senders);
        if (sender < 0 || c.closed) {
          return -1;
        }
        senders |= 1 << sender;
      } else {
        Recv<Integer> r = c.tryRecv();
        if (r == null || !Integer.valueOf(element).equals(r.value())) {
          return -1;
        }
      }
    }
    return d.elements.isEmpty() && c.length() > 0 ? -1 : senders;
  }

  private int sender(int chan, int element, int among) {
    for (int i = 0; i < ops.size(); i++) {
      if ((among & 1 << i) != 0
          && ops.get(i).effect instanceof Sent s
          && s.chan == chan
          && s.element == element
          && s.waits) {
        return i;
      }
    }
    return -1;
  }
}
