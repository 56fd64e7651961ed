package dev.raddle.sync;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.runtime.Body;
import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Scheduler;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * A counter, and those who wait for it to be zero, in one word: the counter in its upper half, WAITED
 * when somebody waits.
 *
 * Invariants  I1  WAITED <=> the queue is not empty. Both change under the queue's lock
 *             I2  the counter leaves zero, or reaches it, under WAITED only with that lock held: so
 *                 nobody who comes later is woken for an earlier zero
 * Profile     That somebody waits, and that the count is zero, is one comparison. Of two the JIT, which has
 *             seen nobody wait yet, compiles the first as a trap; each of a million goroutines that
 *             end while somebody waits then fell into it, at 15 us each (a fifth of their CPU time).
 * Ordering    R1  done: CAS  <->  await: load of the zero, or the end of the wait
 * Checked by  WaitGroupTest; proof: WaitGroupWait.
 */
/**
 * Waits for a number of goroutines to finish: Go's {@code sync.WaitGroup}. What happened before a
 * {@link #done} happens-before the return of the {@link #await} that it ends. It can be used again
 * as soon as the counter was zero, even if those who waited have not returned yet, which Go
 * forbids.
 *
 * @see <a href="https://pkg.go.dev/sync#WaitGroup">Go: sync.WaitGroup</a>
 */
public final class WaitGroup {
  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "state", VarHandle.class, WaitGroup.class, long.class);

  private static final int COUNT_SHIFT = 32;
  private static final long WAITED = 1;

  @SuppressWarnings("FieldMayBeFinal") // written through STATE
  private volatile long state;

  private final WaitQueue queue = new WaitQueue();

  /** Makes a group that waits for nothing. */
  public WaitGroup() {}

  /**
   * Adds to the counter.
   *
   * @param delta may be negative
   * @throws IllegalStateException if the counter becomes negative or too large; it is left as it
   *     was
   */
  public void add(int delta) {
    for (; ; ) {
      long s = state;
      long next = added(s, delta);
      if (next == WAITED) { // zero, and somebody waits: one comparison, see Profile
        if (endWaits(delta)) {
          return;
        }
      } else if (STATE.compareAndSet(this, s, next)) {
        return;
      }
    }
  }

  private static long added(long s, int delta) {
    long before = s >> COUNT_SHIFT;
    long now = before + delta;
    if (now < 0) {
      throw new IllegalStateException(
          "sync: negative WaitGroup counter: expected at least "
              + -(long) delta
              + ", found "
              + before);
    }
    if (now > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "sync: WaitGroup counter: expected at most " + Integer.MAX_VALUE + ", found " + now);
    }
    return now << COUNT_SHIFT | (s & WAITED);
  }

  /** I2. False if the counter does not reach zero any more. */
  private boolean endWaits(int delta) {
    queue.lock();
    long s = state;
    long next = s + ((long) delta << COUNT_SHIFT);
    boolean zero = next >> COUNT_SHIFT == 0 && STATE.compareAndSet(this, s, 0L);
    WaitQueue.Entry all = zero ? queue.takeAll() : null;
    queue.unlock();
    WaitQueue.ready(all);
    return zero;
  }

  /**
   * One goroutine has finished.
   *
   * @throws IllegalStateException if more have finished than were added
   */
  public void done() {
    add(-1);
  }

  /**
   * Starts a goroutine that this group waits for, on the current scheduler.
   *
   * @param body what it runs; it counts as finished however it ends, after an uncaught throwable
   *     was reported
   */
  public void go(Body body) {
    spawn(Scheduler.current(), null, body);
  }

  /**
   * As {@link #go(Body)}, with options.
   *
   * @param options how
   * @param body what it runs
   */
  public void go(GoOptions options, Body body) {
    spawn(Scheduler.current(), options, body);
  }

  /**
   * As {@link #go(Body)}, on a given scheduler.
   *
   * @param scheduler where
   * @param body what it runs
   */
  public void go(Scheduler scheduler, Body body) {
    spawn(scheduler, null, body);
  }

  private void spawn(Scheduler scheduler, @Nullable GoOptions options, Body body) {
    Objects.requireNonNull(body, "go of nil func value");
    add(1);
    boolean started = false;
    try {
      scheduler.go(options == null ? GoOptions.none() : options, body, this::done);
      started = true;
    } finally {
      if (!started) {
        done();
      }
    }
  }

  /**
   * Waits until the counter is zero.
   *
   * @throws InterruptedException if interrupted while waiting
   */
  public void await() throws InterruptedException {
    await(WaitReason.WAIT_GROUP);
  }

  void await(WaitReason reason) throws InterruptedException {
    if (state >> COUNT_SHIFT == 0) {
      return;
    }
    var me = new Awaiter();
    queue.lock();
    for (; ; ) {
      long s = state;
      if (s >> COUNT_SHIFT == 0) {
        queue.unlock();
        return;
      }
      if (STATE.compareAndSet(this, s, s | WAITED)) { // I1
        break;
      }
    }
    queue.addLast(me);
    queue.unlock();
    me.await(reason);
  }

  private final class Awaiter extends WaitQueue.Entry {
    Awaiter() {
      super(WaitGroup.this);
    }

    @Override
    protected boolean withdraw() {
      queue.lock();
      boolean was = queue.remove(this);
      if (was && queue.isEmpty()) {
        STATE.getAndBitwiseAnd(WaitGroup.this, ~WAITED);
      }
      queue.unlock();
      return was;
    }
  }

  /** How many wait now. */
  int waiting() {
    return queue.lockAndSize();
  }

  @Override
  public String toString() {
    return "WaitGroup counter=" + (state >> COUNT_SHIFT) + " waiting=" + waiting();
  }
}
