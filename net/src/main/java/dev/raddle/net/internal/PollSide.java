package dev.raddle.net.internal;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.Alarm;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.internal.util.Clock;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * One direction of a socket: whether it is ready, and who waits for that. Go's pollDesc.
 *
 * Roles       One waiter: the goroutine that holds the direction's turn (NetFd). The poller calls
 *             ready(); timers, close() and contexts call kick(). All of them from any thread.
 *
 * States of word     meaning
 *   NIL (null)       nothing known: try the system call, or wait
 *   READY            an event came since the last try
 *   an IoWaiter      its goroutine is parked, or about to park
 *
 *   NIL    -> READY   // ready(): the event is kept
 *   READY  -> NIL     // await(): the event is consumed; the caller tries its system call
 *   NIL    -> waiter  // await(): nothing came, so it will park
 *   waiter -> READY   // ready(): and it owes the waiter a Waiter.ready(); the waiter consumes READY
 *   waiter -> NIL     // kick(): owes the same. Or the waiter itself, that saw a reason, or was
 *                     // interrupted: then nobody owes it anything
 *
 * Go has a state more, for a goroutine that is about to park. A Waiter that is readied before it
 * parks does not park, so here both are one.
 *
 * Ordering    R1  event: word = READY  <->  await: word READY -> NIL, then the system call. An event
 *                 that comes after the call began is kept for the next wait: none is lost, some are
 *                 for nothing.
 *             R2  await: word = waiter, reads closing, deadline and the caller's reason  <->  kick:
 *                 the reason is set, then reads word. One of the two sees the other.
 * Deadline    null for none, EXPIRED, or the alarm that will say so. An alarm counts only while it is
 *             still there, so one that fires late does no harm beyond a look for nothing.
 * Checked by  PollSideTest; proof: PollSideReady (R1), PollSideKick (R2), PollSideModelTest (table).
 * Sources     Go runtime/netpoll.go (netpollblock, netpollunblock, poll_runtime_pollSetDeadline).
 */
/** One direction of a socket. */
public class PollSide {
  /** How a wait ended: the socket may be ready. */
  public static final int OK = 0;

  /** The descriptor is closed. */
  public static final int CLOSED = 1;

  /** The deadline has passed. */
  public static final int TIMEOUT = 2;

  /** The caller's own reason. */
  public static final int GIVEN = 3;

  private static final VarHandle WORD =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "word", VarHandle.class, PollSide.class, Object.class);
  private static final VarHandle DEADLINE =
      ConstantBootstraps.fieldVarHandle(
          lookup(), "deadline", VarHandle.class, PollSide.class, Object.class);

  private static final Object READY = "ready";
  private static final Object EXPIRED = "expired";

  private volatile @Nullable Object word;
  private volatile @Nullable Object deadline;
  private volatile boolean closing;

  /** Makes one that knows nothing. */
  public PollSide() {}

  /**
   * Asks the poller for the next event, where it has to be asked each time. Called after the waiter
   * is in place.
   */
  protected void arm() {}

  /** An event came. Returns whether a goroutine was readied. */
  public final boolean ready() {
    for (; ; ) {
      Object now = word;
      if (now == READY) {
        return false;
      }
      if (WORD.compareAndSet(this, now, READY)) { // R1
        if (now instanceof IoWaiter w) {
          w.ready();
          return true;
        }
        return false;
      }
    }
  }

  /** Whoever waits looks again at why it should go on waiting. */
  public final void kick() {
    Object now = word; // R2
    if (now instanceof IoWaiter w && w.take()) {
      w.ready();
    }
  }

  /** Closes it, for good. */
  public final void close() {
    closing = true;
    Object last = DEADLINE.getAndSet(this, null);
    if (last instanceof Expiry alarm) {
      alarm.drop();
    }
    kick();
  }

  /** Whether an event came that nobody has consumed. */
  public final boolean isReady() {
    return word == READY;
  }

  /** Whether a goroutine waits now; already out of date. */
  public final boolean isAwaited() {
    return word instanceof IoWaiter;
  }

  /**
   * Sets the deadline; also for a wait that is under way.
   *
   * @param nanos from now; not positive: it has passed
   */
  public final void expireIn(long nanos) {
    if (nanos <= 0) {
      replace(EXPIRED);
      kick();
    } else {
      var alarm = new Expiry(this, Clock.after(nanos));
      replace(alarm);
      alarm.set(Sched.current());
    }
  }

  /** Takes the deadline away. */
  public final void neverExpire() {
    replace(null);
  }

  private void replace(@Nullable Object next) {
    Object last = DEADLINE.getAndSet(this, next);
    if (last instanceof Expiry alarm) {
      alarm.drop();
    }
  }

  /** Whether an operation may start: OK, CLOSED or TIMEOUT. */
  public final int state() {
    return closing ? CLOSED : deadline == EXPIRED ? TIMEOUT : OK;
  }

  private int state(@Nullable BooleanSupplier given) {
    int s = state();
    return s == OK && given != null && given.getAsBoolean() ? GIVEN : s;
  }

  /**
   * Waits for an event, for the deadline, or for the close.
   *
   * @param given another reason to end the wait; who makes it true calls {@link #kick} afterwards
   * @return OK after an event, once for each; else why the wait ended
   * @throws InterruptedException if interrupted; no event is lost
   * @throws IllegalStateException if somebody waits here already
   */
  public final int await(@Nullable BooleanSupplier given) throws InterruptedException {
    for (; ; ) {
      if (word == READY && WORD.compareAndSet(this, READY, null)) { // R1
        return OK;
      }
      int why = state(given);
      if (why != OK) {
        return why;
      }
      var waiter = new IoWaiter(this);
      if (!WORD.compareAndSet(this, null, waiter)) {
        if (word instanceof IoWaiter) {
          throw new IllegalStateException("one waiter at a time was expected, found two");
        }
        continue; // an event
      }
      if (state(given) != OK && waiter.take()) { // R2
        continue;
      }
      arm();
      waiter.await(WaitReason.IO_WAIT);
    }
  }

  private static final class IoWaiter extends Waiter {
    private final PollSide side;

    IoWaiter(PollSide side) {
      this.side = side;
    }

    /** Whoever gets true decides how the wait ends. */
    boolean take() {
      return WORD.compareAndSet(side, this, null);
    }

    @Override
    protected boolean withdraw() {
      return take();
    }
  }

  private static final class Expiry extends Alarm {
    private final PollSide side;

    Expiry(PollSide side, long when) {
      super(when);
      this.side = side;
    }

    @Override
    protected void fire() {
      if (DEADLINE.compareAndSet(side, this, EXPIRED)) {
        side.kick();
      }
    }
  }
}
