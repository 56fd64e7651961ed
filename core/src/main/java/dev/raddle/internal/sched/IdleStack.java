package dev.raddle.internal.sched;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free stack of idle Ps or Ms, last in first out so that what is warm runs next. The head is
 * one word, {@code tag:32 | index+1:32}; the tag advances with every change, so a node that was
 * popped and pushed again is not mistaken for one that stayed.
 */
abstract class IdleStack<T extends IdleStack.Node> {
  /** An element; on at most one stack at a time. */
  interface Node {
    /** Its place in the table that {@link #at} reads. */
    int index();

    /** The link of the stack: index + 1 of the node below, 0 for none. */
    int below();

    void below(int link);
  }

  private final AtomicLong head = new AtomicLong();
  private final AtomicInteger size = new AtomicInteger();

  /** The element with that index. */
  abstract T at(int index);

  /** An estimate, above the truth only while a push or a pop is under way. */
  int size() {
    return size.get();
  }

  boolean isEmpty() {
    return (int) head.get() == 0;
  }

  void push(T node) {
    size.incrementAndGet();
    for (; ; ) {
      long h = head.get();
      node.below((int) h);
      if (head.compareAndSet(h, word(h, node.index() + 1))) {
        return;
      }
    }
  }

  @Nullable T pop() {
    for (; ; ) {
      long h = head.get();
      int link = (int) h;
      if (link == 0) {
        return null;
      }
      T node = at(link - 1);
      if (head.compareAndSet(h, word(h, node.below()))) {
        size.decrementAndGet();
        return node;
      }
    }
  }

  private static long word(long old, int link) {
    return ((old >>> 32) + 1) << 32 | (link & 0xffff_ffffL);
  }
}
