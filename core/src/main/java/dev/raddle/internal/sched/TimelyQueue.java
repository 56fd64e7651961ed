package dev.raddle.internal.sched;

import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The goroutines of one class that have a deadline and can run: the earliest first, and in the
 * order in which they came if it is the same. One for all Ps, so that the order holds among all of
 * them; few goroutines have a deadline. The size may be read without the lock.
 */
final class TimelyQueue extends SpinLock {
  private record Entry(Runnable task, long deadline, long number) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return deadline != other.deadline
          ? Long.signum(deadline - other.deadline) // instants of a clock that may wrap
          : Long.signum(number - other.number);
    }
  }

  private final PriorityQueue<Entry> heap = new PriorityQueue<>();
  private long pushed;
  private volatile int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  void push(Runnable task) {
    long deadline = deadlineOf(task);
    for (; ; ) {
      try {
        tryPush(task, deadline);
        return;
      } catch (OutOfMemoryError full) { // nothing was added
        Memory.pause(full);
      }
    }
  }

  private void tryPush(Runnable task, long deadline) {
    lock();
    try {
      heap.add(new Entry(task, deadline, pushed));
      pushed++;
      size = heap.size();
    } finally {
      unlock();
    }
  }

  private static long deadlineOf(Runnable task) {
    G g = task instanceof GThread t ? t.g() : (G) task;
    Deadline d = g == null ? null : g.note().deadline();
    return d == null ? Long.MIN_VALUE : d.at();
  }

  @Nullable Runnable poll() {
    if (size == 0) {
      return null;
    }
    lock();
    Entry first = heap.poll();
    size = heap.size();
    unlock();
    return first == null ? null : first.task;
  }

  void drain(Consumer<Runnable> heir) {
    for (Runnable task; (task = poll()) != null; ) {
      heir.accept(task);
    }
  }
}
