package dev.raddle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is, for those who test it: a queue, and what becomes of a send when it is full.
 */
final class ChanModel {
  /** The kinds of channels. */
  enum Kind {
    PLAIN,
    UNBOUNDED,
    LATEST,
    DROP_OLDEST,
    DROP_NEWEST;

    static Kind any(Random r) {
      return values()[r.nextInt(values().length)];
    }

    Chan<Integer> make(int capacity, Consumer<Integer> undelivered) {
      return switch (this) {
        case PLAIN -> Chan.make(capacity, undelivered);
        case UNBOUNDED -> Chan.unbounded(undelivered);
        case LATEST -> Chan.latest(undelivered);
        case DROP_OLDEST -> Chan.dropOldest(Math.max(1, capacity), undelivered);
        case DROP_NEWEST -> Chan.dropNewest(Math.max(1, capacity), undelivered);
      };
    }

    private int capacity(int asked) {
      return switch (this) {
        case PLAIN -> asked;
        case UNBOUNDED -> Integer.MAX_VALUE;
        case LATEST -> 1;
        case DROP_OLDEST, DROP_NEWEST -> Math.max(1, asked);
      };
    }
  }

  final Kind kind;
  final int capacity;
  private final ArrayDeque<Integer> queue;
  boolean closed;

  /** An empty channel. */
  ChanModel(Kind kind, int capacity) {
    this(kind, kind.capacity(capacity), new ArrayDeque<>());
  }

  private ChanModel(Kind kind, int capacity, ArrayDeque<Integer> queue) {
    this.kind = kind;
    this.capacity = capacity;
    this.queue = queue;
  }

  ChanModel copy() {
    var other = new ChanModel(kind, capacity, queue.clone());
    other.closed = closed;
    return other;
  }

  /** All that makes two states of one channel different. */
  List<Object> state() {
    return List.of(closed, List.copyOf(queue));
  }

  int length() {
    return queue.size();
  }

  /**
   * Whether a send would go on though nobody waits to receive; it fails if the channel is closed.
   */
  boolean canSend() {
    return closed || queue.size() < capacity || kind != Kind.PLAIN;
  }

  /** Whether a receive would go on though nobody waits to send. */
  boolean canRecv() {
    return closed || !queue.isEmpty();
  }

  /** Null: on a closed channel. */
  @Nullable Boolean trySend(int element) {
    if (closed) {
      return null;
    }
    if (queue.size() < capacity) {
      queue.add(element);
      return true;
    }
    if (kind == Kind.LATEST || kind == Kind.DROP_OLDEST) {
      queue.poll();
      queue.add(element);
    }
    return kind != Kind.PLAIN;
  }

  @Nullable Recv<Integer> tryRecv() {
    Integer first = queue.poll();
    if (first != null) {
      return new Recv<>(first, true);
    }
    return closed ? new Recv<>(null, false) : null;
  }

  int drainTo(Deque<Integer> into, int max) {
    int n = 0;
    for (; n < max && !queue.isEmpty(); n++) {
      into.add(queue.remove());
    }
    return n;
  }
}
