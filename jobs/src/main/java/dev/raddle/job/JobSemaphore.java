package dev.raddle.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Permits that jobs of graphs need before they start: a limit on how many of them run at the same
 * time, see {@link JobGraph.Node#needs}. Waiting jobs are served in the order of their coming, also
 * if a later one would need fewer permits.
 */
public final class JobSemaphore {
  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final String name;
  private final int permits;
  private int free; // guarded by this
  private final Deque<Waiting> queue = new ArrayDeque<>(0); // guarded by this

  private record Waiting(NodeJob job, int permits) {}

  /**
   * Makes a semaphore.
   *
   * @param name in drawings and messages
   * @param permits how many there are
   * @throws IllegalArgumentException if there is not at least one
   */
  public JobSemaphore(String name, int permits) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits: expected at least 1, found " + permits);
    }
    this.name = name;
    this.permits = permits;
    free = permits;
  }

  long id() {
    return id;
  }

  /**
   * How many permits there are in all.
   *
   * @return the number
   */
  public int permits() {
    return permits;
  }

  /**
   * How many permits nobody holds.
   *
   * @return the number; an estimate while jobs run
   */
  public synchronized int free() {
    return free;
  }

  /** Takes permits, or queues the job, whose {@link NodeJob#granted} is then called later. */
  synchronized boolean acquireOrQueue(NodeJob job, int n) {
    if (queue.isEmpty() && free >= n) {
      free -= n;
      return true;
    }
    queue.add(new Waiting(job, n));
    return false;
  }

  /** Gives permits back, and with them perhaps goes on with others. */
  void release(int n) {
    List<NodeJob> granted;
    synchronized (this) {
      free += n;
      granted = grant();
    }
    granted.forEach(NodeJob::granted);
  }

  private List<NodeJob> grant() {
    List<NodeJob> granted = new ArrayList<>(1);
    for (Waiting w; (w = queue.peek()) != null && w.permits <= free; ) {
      free -= w.permits;
      granted.add(w.job);
      queue.remove();
    }
    return granted;
  }

  /** Takes jobs out of the queue that no longer want to start. */
  List<NodeJob> remove(Predicate<NodeJob> which) {
    List<NodeJob> removed = new ArrayList<>();
    List<NodeJob> granted;
    synchronized (this) {
      for (Iterator<Waiting> i = queue.iterator(); i.hasNext(); ) {
        NodeJob job = i.next().job;
        if (which.test(job)) {
          removed.add(job);
          i.remove();
        }
      }
      granted = grant(); // the first in the queue may have gone
    }
    granted.forEach(NodeJob::granted);
    return removed;
  }

  @Override
  public String toString() {
    return "semaphore " + name;
  }

  String name() {
    return name;
  }
}
