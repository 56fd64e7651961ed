package dev.raddle.internal.sched;

import dev.raddle.internal.util.Memory;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue that all Ps share, one FIFO a priority class: what comes from outside, what overflows
 * from a local queue (half a queue as one entry) and what yields. Lock-free, because it is entered
 * with the continuation pinned.
 */
final class GlobalQueue {
  private record Batch(@Nullable Runnable[] tasks, int from) {}

  private final ConcurrentLinkedQueue<Object>[] classes = newQueues();

  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private static ConcurrentLinkedQueue<Object>[] newQueues() {
    var queues = new ConcurrentLinkedQueue[G.CLASSES];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = new ConcurrentLinkedQueue<>();
    }
    return queues;
  }

  boolean isEmpty() {
    for (var q : classes) {
      if (!q.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty(int priority) {
    return classes[priority].isEmpty();
  }

  void push(int priority, Runnable task) {
    for (; ; ) {
      try {
        classes[priority].offer(task);
        return;
      } catch (OutOfMemoryError full) { // nothing was added
        Memory.pause(full);
      }
    }
  }

  void pushAll(int priority, @Nullable Runnable[] tasks) {
    pushFrom(priority, tasks, 0);
  }

  private void pushFrom(int priority, @Nullable Runnable[] tasks, int from) {
    for (; ; ) {
      try {
        classes[priority].offer(new Batch(tasks, from));
        return;
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      }
    }
  }

  /** Takes the oldest entry; the rest of a batch goes to {@code local}, or back if that is full. */
  @Nullable Runnable poll(int priority, RunQueue local) {
    Object entry = classes[priority].poll();
    if (entry instanceof Batch(var tasks, var from)) {
      for (int i = from + 1; i < tasks.length; i++) {
        if (!local.push(task(tasks, i))) {
          pushFrom(priority, tasks, i);
          break;
        }
      }
      return task(tasks, from);
    }
    return (Runnable) entry;
  }

  /** Gives everything to {@code heir}. */
  void drain(Consumer<Runnable> heir) {
    for (var q : classes) {
      for (Object entry; (entry = q.poll()) != null; ) {
        if (entry instanceof Batch(var tasks, var from)) {
          for (int i = from; i < tasks.length; i++) {
            heir.accept(task(tasks, i));
          }
        } else {
          heir.accept((Runnable) entry);
        }
      }
    }
  }

  @SuppressWarnings("NullAway") // a batch is full from `from` on
  private static Runnable task(@Nullable Runnable[] tasks, int i) {
    return tasks[i];
  }
}
