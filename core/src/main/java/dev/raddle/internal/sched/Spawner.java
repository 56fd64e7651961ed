package dev.raddle.internal.sched;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * How a goroutine comes into a scheduler: by `go`, as a fork of a job, or as a thread made by a
 * ThreadFactory. It gets its number and its parent, is counted, and then made visible in a queue.
 *
 * Where       Spawned by a goroutine here: its P's queue. By anyone else, or by a goroutine whose P
 *             was handed off: the shared queue.
 * Ordering    See Closing O1 for the count of those that come from outside.
 */
/** Makes goroutines runnable for the first time. */
final class Spawner {
  private final ProcSched sched;
  private final StartPool startPool;

  /** Goroutines spawned by threads that hold no P of this scheduler. */
  private final AtomicLong outside = new AtomicLong();

  Spawner(ProcSched sched) {
    this.sched = sched;
    startPool = new StartPool(sched);
  }

  /** How many came from outside. */
  long outside() {
    return outside.get();
  }

  void closePool() {
    startPool.close();
  }

  void spawn(G g) {
    RunPolicy policy = sched.policy();
    if (policy != null && !policy.admits(g)) {
      throw new RejectedExecutionException(
          "scheduler " + sched.name() + ": its policy refused " + g);
    }
    Limits limits = sched.limits;
    if (limits == null || !g.counts()) {
      spawnFree(g);
      return;
    }
    if (g.waitsForPlace()) {
      limits.enter();
    } else {
      limits.force();
    }
    boolean spawned = false;
    try {
      spawnFree(g);
      spawned = true;
    } finally {
      if (!spawned) {
        limits.leaveUnstarted();
        limits.leave(1);
      }
    }
  }

  private void spawnFree(G g) {
    Inherited.pass(g);
    M m = M.current();
    P p = m != null && m.sched == sched ? m.usableP() : null;
    if (p == null || m == null) {
      spawnOutside(g);
      return;
    }
    adopt(g, p.newId(), m);
    p.countCreated();
    if (enqueueNew(p, g, m)) {
      sched.gosched(); // a spawner that outruns the rest lets them catch up: bounds the backlog
    }
  }

  /** On {@code m}, which holds {@code p}. Returns whether the queue overflowed. */
  private boolean enqueueNew(P p, Runnable task, M m) {
    if (P.laneOf(task) == G.NORMAL && sched.procs.idle.isEmpty() && m.isMounted()) {
      p.ready(task);
      return false;
    }
    boolean overflowed = p.append(task); // where another M can take it at once
    sched.wakep();
    return overflowed;
  }

  Thread newThread(Runnable task, int priority, Note note, @Nullable Duration within) {
    var g = new ThreadG(task, note, within);
    g.priority(priority);
    Inherited.pass(g);
    String name = note.name();
    return new GThread(startPool, g, name == null ? "" : name).thread;
  }

  /**
   * The thread of a {@link ThreadG} was started: from now on it is a goroutine.
   *
   * @throws RejectedExecutionException if the scheduler is closed: then the start fails
   */
  void threadStarted(GThread thread, ThreadG g) {
    g.started(thread.thread);
    Limits limits = sched.limits;
    if (limits != null) {
      limits.force();
    }
    M m = M.current();
    P p = m != null && m.sched == sched ? m.usableP() : null;
    if (p == null || m == null) {
      try {
        adoptOutside(g);
      } catch (IllegalStateException closed) {
        if (limits != null) {
          limits.leaveUnstarted();
          limits.leave(1);
        }
        throw new RejectedExecutionException(closed.getMessage(), closed);
      }
      thread.adopted(sched, g, 0);
      sched.pushGlobal(thread);
      return;
    }
    adopt(g, p.newId(), m);
    p.countCreated();
    thread.adopted(sched, g, m.index());
    enqueueNew(p, thread, m);
  }

  void spawnForked(G g) {
    M m = M.current();
    if (m != null && m.sched == sched) {
      spawnForked(g, m);
    } else {
      Inherited.pass(g);
      forkOutside(g, m);
    }
  }

  /** On {@code m}, which is of this scheduler. */
  void spawnForked(G g, M m) {
    Inherited.pass(g);
    P p = m.usableP();
    if (p == null) {
      spawnForkedLate(g, m);
      return;
    }
    forkOn(p, g, m);
  }

  private void forkOn(P p, G g, M m) {
    adopt(g, 0, m);
    passClass(g, m);
    p.append(g);
    sched.wakep();
  }

  /**
   * The P was handed off because the goroutine runs for long. It goes on with an idle one, or waits
   * its turn: without a P its joiner could not take the jobs back, and they would pile up.
   */
  private void spawnForkedLate(G g, M m) {
    P held = m.p;
    if (held != null && m.current != null && !m.inScheduler()) {
      if (!m.regain(held)) {
        Thread.yield();
      }
      M now = M.current();
      P p = now == null || now.sched != sched ? null : now.usableP();
      if (now != null && p != null) {
        forkOn(p, g, now);
        return;
      }
    }
    forkOutside(g, M.current());
  }

  private void forkOutside(G g, @Nullable M by) {
    passClass(g, by);
    spawnOutside(g);
  }

  /**
   * A job runs in the class that its forker was given, before it is queued: what a goroutine does
   * by jobs competes as it would itself. Not in one that the forker inherits while it holds a lock,
   * and not if the job was given its own.
   */
  private static void passClass(G g, @Nullable M by) {
    GThread thread = Classes.used() && by != null ? by.current : null;
    G forker = thread == null ? null : thread.g();
    if (forker != null && forker.own() != G.NORMAL && !g.hasOwnClass()) {
      g.priority(forker.own());
    }
  }

  private void spawnOutside(G g) {
    adoptOutside(g);
    sched.pushGlobal(g);
  }

  private void adoptOutside(G g) {
    adopt(g, Sched.nextIds(1), M.current());
    if (g.counts()) {
      outside.incrementAndGet(); // before the look at sealed, see Closing
    }
    if (sched.isSealed()) {
      if (g.counts()) {
        outside.decrementAndGet();
      }
      throw new IllegalStateException("scheduler " + sched.name() + " is closed");
    }
  }

  private void adopt(G g, long id, @Nullable M spawner) {
    g.sched = sched;
    g.id = id;
    GThread by = spawner == null ? null : spawner.current;
    G parent = by == null ? null : by.g();
    g.parent = parent == null ? 0 : parent.id;
    if (Note.recordsSites()) {
      g.note(g.note().withSite(Note.caller()));
    }
  }
}
