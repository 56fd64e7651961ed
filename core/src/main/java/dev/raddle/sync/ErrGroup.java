package dev.raddle.sync;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.internal.sched.Goexit;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.runtime.Body;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Goroutines that work on one task: the first that fails cancels the context of all, and its
 * exception comes back from {@link #await}. Go's {@code errgroup.Group}; unlike there, a failure is
 * any throwable, and later ones are attached to the first as suppressed.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/sync/errgroup">Go: x/sync/errgroup</a>
 */
public final class ErrGroup {
  private static final int NO_LIMIT = -1;

  private final CancelContext context;
  private final WaitGroup group = new WaitGroup();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
  private final WaitQueue queue = new WaitQueue(); // of those who wait to start one
  private int limit = NO_LIMIT; // guarded by the queue's lock
  private int active; // guarded by the queue's lock; counted always

  private ErrGroup(CancelContext context) {
    this.context = context;
  }

  /** Makes a group whose context is derived from {@link Context#current}. */
  public ErrGroup() {
    this(Context.current().withCancel());
  }

  /**
   * What a goroutine of the group does, with the group's context.
   *
   * @see #go(Task)
   */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs once.
     *
     * @param ctx ends when one of the group fails, when {@link #await} returns, or with its parent
     * @throws Exception fails the group
     */
    void run(Context ctx) throws Exception;
  }

  /**
   * Makes a group whose context is derived from another.
   *
   * @param parent the other
   * @return the group
   */
  public static ErrGroup withContext(Context parent) {
    return new ErrGroup(parent.withCancel());
  }

  /**
   * The context that the first failure cancels.
   *
   * @return the context
   */
  public Context context() {
    return context;
  }

  /**
   * Limits how many goroutines of the group run at the same time. From then on {@link #go} waits,
   * and {@link #tryGo} refuses, while there are as many.
   *
   * @param n how many; negative: any number; 0: none at all
   * @throws IllegalStateException if some run now
   */
  public void setLimit(int n) {
    queue.lock();
    int running = active;
    if (running == 0) {
      limit = Math.max(n, NO_LIMIT);
    }
    queue.unlock();
    if (running != 0) {
      throw new IllegalStateException(
          "errgroup: modify limit while " + running + " goroutines in the group are still active");
    }
  }

  /**
   * Starts a goroutine of the group, once the limit allows it. An interrupt does not end that wait;
   * it is kept.
   *
   * @param task gets the group's context
   */
  public void go(Task task) {
    Objects.requireNonNull(task, "go of nil func value");
    if (!enter()) {
      var me = new WaitQueue.Entry(this);
      if (enterOrQueue(me)) {
        me.awaitFully(WaitReason.ERR_GROUP); // who leaves has counted this one
      }
    }
    start(task);
  }

  /**
   * Starts a goroutine of the group.
   *
   * @param body what it runs
   * @see #go(Task)
   */
  public void go(Body body) {
    Objects.requireNonNull(body, "go of nil func value");
    go(ctx -> body.run());
  }

  /**
   * Starts a goroutine of the group if the limit allows it now.
   *
   * @param task gets the group's context
   * @return whether it was started
   */
  public boolean tryGo(Task task) {
    Objects.requireNonNull(task, "go of nil func value");
    boolean entered = enter();
    if (entered) {
      start(task);
    }
    return entered;
  }

  private boolean enter() {
    queue.lock();
    boolean room = roomLocked();
    queue.unlock();
    return room;
  }

  private boolean roomLocked() {
    boolean room = limit == NO_LIMIT || (active < limit && queue.isEmpty());
    active += room ? 1 : 0;
    return room;
  }

  /** Whether it was queued. */
  private boolean enterOrQueue(WaitQueue.Entry me) {
    queue.lock();
    boolean room = roomLocked();
    if (!room) {
      queue.addLast(me);
    }
    queue.unlock();
    return !room;
  }

  private void leave() {
    queue.lock();
    WaitQueue.Entry next = queue.first();
    if (next == null) {
      active--;
    } else {
      queue.remove(next);
    }
    queue.unlock();
    if (next != null) {
      next.ready();
    }
  }

  private void start(Task task) {
    boolean started = false;
    try {
      group.go(() -> run(task));
      started = true;
    } finally {
      if (!started) {
        leave();
      }
    }
  }

  private void run(Task task) {
    try {
      task.run(context);
    } catch (Goexit e) {
      throw e;
    } catch (Throwable t) {
      fail(t);
    } finally {
      leave();
    }
  }

  private void fail(Throwable t) {
    if (first.compareAndSet(null, t)) {
      context.cancel(t);
    } else {
      Throwable f = first.get();
      if (f != null && f != t) {
        f.addSuppressed(t);
      }
    }
  }

  /**
   * Waits until every goroutine of the group has ended, then cancels the context.
   *
   * @throws InterruptedException if interrupted while waiting; the context is cancelled
   * @throws Exception the first failure
   */
  public void await() throws Exception {
    try {
      group.await();
    } finally {
      context.cancel();
    }
    switch (first.get()) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
  }

  @Override
  public String toString() {
    queue.lock();
    int now = active;
    int most = limit;
    int waiting = queue.size();
    queue.unlock();
    String limited = most == NO_LIMIT ? "" : " of " + most;
    return "ErrGroup active=" + now + limited + " waiting=" + waiting;
  }
}
