package dev.raddle.internal.sched;

import dev.raddle.internal.util.Memory;
import dev.raddle.internal.util.SpinLock;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue that all Ps share, one FIFO a priority class: what comes from outside, what overflows
 * from a local queue (half a queue as one entry) and what a P loses with its slot. Lock-free,
 * because it is entered with the continuation pinned. What has a deadline is always here, before
 * the others of its class.
 *
 * <p>An entry costs a node of 24 bytes: what comes from outside, a wake-up by another thread
 * included, allocates, and the park/ready path between goroutines does not. Links in the tasks
 * themselves would save it, but a thread may be queued twice (see {@link GThread}).
 */
final class GlobalQueue {
  private record Batch(@Nullable Runnable[] tasks, int from) {}

  private final ConcurrentLinkedQueue<Object>[] classes = newQueues();

  private final SpinLock making = new SpinLock();

  /** One a class; null until the first goroutine with a deadline. */
  private volatile TimelyQueue @Nullable [] timely;

  @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
  private static ConcurrentLinkedQueue<Object>[] newQueues() {
    var queues = new ConcurrentLinkedQueue[G.CLASSES];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = new ConcurrentLinkedQueue<>();
    }
    return queues;
  }

  static {
    rehearse();
  }

  /** As that of {@link SpinLock}, of the calls that the JDK's queue makes. */
  private static void rehearse() {
    var queue = new ConcurrentLinkedQueue<Object>();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 4; i++) {
        queue.offer(queue);
      }
      while (!queue.isEmpty() && queue.peek() != null) {
        queue.poll();
      }
    }
  }

  boolean isEmpty() {
    for (int c = 0; c < G.CLASSES; c++) {
      if (!isEmpty(c)) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty(int priority) {
    TimelyQueue[] t = timely;
    return classes[priority].isEmpty() && (t == null || t[priority].isEmpty());
  }

  /**
   * What is served next of those without a deadline, to be compared; null when there is nothing.
   */
  @Nullable Object head(int priority) {
    return classes[priority].peek();
  }

  boolean hasTimely() {
    return timely != null;
  }

  @Nullable Runnable pollTimely(int priority) {
    TimelyQueue[] t = timely;
    return t == null ? null : t[priority].poll();
  }

  void push(Runnable task) {
    int lane = P.laneOf(task);
    if (lane >= G.CLASSES) {
      timely()[lane - G.CLASSES].push(task);
    } else {
      push(lane, task);
    }
  }

  private TimelyQueue[] timely() {
    TimelyQueue[] t = timely;
    return t != null ? t : makeTimely();
  }

  private TimelyQueue[] makeTimely() {
    TimelyQueue[] fresh = newTimely();
    making.lock();
    TimelyQueue[] t = timely;
    if (t == null) {
      t = fresh;
      timely = t;
    }
    making.unlock();
    return t;
  }

  private static TimelyQueue[] newTimely() {
    for (; ; ) {
      try {
        return new TimelyQueue[] {new TimelyQueue(), new TimelyQueue(), new TimelyQueue()};
      } catch (OutOfMemoryError full) {
        Memory.pause(full);
      }
    }
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
    Runnable first = pollTimely(priority);
    return first != null ? first : pollFifo(priority, local);
  }

  /** As {@link #poll(int, RunQueue)}, with the queue of that class of {@code by}. */
  @Nullable Runnable poll(int priority, P by) {
    Runnable first = pollTimely(priority);
    return first != null ? first : pollFifo(priority, by);
  }

  /** As {@link #poll}, but without what has a deadline. */
  @Nullable Runnable pollFifo(int priority, RunQueue local) {
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

  /** How many of a class there are; an estimate that looks at every entry. */
  long size(int priority) {
    TimelyQueue[] t = timely;
    long n = t == null ? 0 : t[priority].size();
    for (Object entry : classes[priority]) {
      n += entry instanceof Batch(var tasks, var from) ? tasks.length - from : 1;
    }
    return n;
  }

  /**
   * As {@link #pollFifo(int, RunQueue)}; makes the queue of {@code by} only if there is something.
   */
  @Nullable Runnable pollFifo(int priority, P by) {
    return classes[priority].isEmpty() ? null : pollFifo(priority, by.queue(priority));
  }

  /** Puts what is here where it belongs now; see {@link Classes}. */
  void reclassify() {
    TimelyQueue[] t = timely;
    for (int c = 0; c < G.CLASSES; c++) {
      for (int n = t == null ? 0 : t[c].size(); n > 0; n--) {
        Runnable task = pollTimely(c);
        if (task != null) {
          push(task);
        }
      }
      for (int n = classes[c].size(); n > 0; n--) {
        pushAgain(classes[c].poll());
      }
    }
  }

  private void pushAgain(@Nullable Object entry) {
    if (entry instanceof Batch(var tasks, var from)) {
      for (int i = from; i < tasks.length; i++) {
        push(task(tasks, i));
      }
    } else if (entry != null) {
      push((Runnable) entry);
    }
  }

  /** Gives everything to {@code heir}. */
  void drain(Consumer<Runnable> heir) {
    TimelyQueue[] t = timely;
    for (int c = 0; t != null && c < G.CLASSES; c++) {
      t[c].drain(heir);
    }
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
