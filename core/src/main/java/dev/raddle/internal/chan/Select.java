package dev.raddle.internal.chan;

import dev.raddle.internal.chan.Hchan.Attempt;
import dev.raddle.internal.chan.Hchan.Outcome;
import dev.raddle.internal.sched.Sched;
import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.Clock;
import dev.raddle.internal.util.Rand;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Select: one atomic choice over several channel operations.
 *
 * Steps       1  lock every channel once, in order of id (no deadlock whatever the order of cases)
 *             2  in random order, take the first case that can go on (uniform among the ready ones)
 *             3  none: with a default, leave; else queue on every channel, unlock, arm the timeout
 *             4  park; exactly one of counterpart, close, timeout or interrupt wins (SelectWait)
 *             5  leave the queues of the losers
 * Atomic      Steps 1 to 3 hold all locks: the choice is made at one instant over all channels.
 * Reuse       Arrays, lock order, the wait and its sudogs serve one run after another, so that a run
 *             of a select that is kept allocates nothing but the timer of a timeout. A wait begins
 *             anew only when its one ready() was seen or it withdrew, and it is in no queue (step 5);
 *             one whose timer could not be cancelled is left to the timer, which may yet fire.
 * Failure     Where memory may end, under the locks, they are given back before the error goes on.
 * Sources     Go runtime/select.go.
 */
/** A select, run once or again and again by one thread at a time. */
public final class Select {
  /** {@link #run}: no case was ready and there is a default. */
  public static final int DEFAULT = -1;

  /** {@link #run}: the time was up. */
  public static final int TIMEOUT = -2;

  /** As an element to send: the case does not take part. */
  public static final Object ABSENT = new Object();

  private static final int MAX_CASES = 1 << 16;
  private static final Comparator<Hchan> BY_ID = Comparator.comparingLong(c -> c.id);

  private final @Nullable Hchan[] chans;
  private final boolean[] sends;
  private final @Nullable Object[] elems;

  /** A permutation of the cases, shuffled anew for each run. */
  private final int[] poll;

  /** The channels in lock order, each once: the first `locks` ones. */
  private final @Nullable Hchan[] order;

  private int locks;
  private boolean ordered;

  private final Attempt attempt = new Attempt();
  private @Nullable SelectWait wait;
  private final @Nullable Sudog[] sudogs;

  /** What the chosen receive got. */
  private @Nullable Object received;

  private boolean ok = true;

  /**
   * Makes a select over arrays that it keeps.
   *
   * @param chans one a case; null for a nil channel, which is never ready. See {@link #set}
   * @param sends whether a case sends
   * @param elems what it sends; {@link #ABSENT} once it is sent. The caller may change it between
   *     runs
   */
  public Select(@Nullable Hchan[] chans, boolean[] sends, @Nullable Object[] elems) {
    int n = chans.length;
    check(n);
    this.chans = chans;
    this.sends = sends;
    this.elems = elems;
    order = new Hchan[n];
    sudogs = new Sudog[n];
    poll = new int[n];
    for (int i = 0; i < n; i++) {
      poll[i] = i;
    }
  }

  /** Refuses more cases than Go does. */
  public static void check(int cases) {
    if (cases > MAX_CASES) {
      throw new IllegalArgumentException(
          "select: too many cases (max " + MAX_CASES + "): found " + cases);
    }
  }

  /** Gives a case another channel. Not during a run. */
  public void set(int index, @Nullable Hchan chan) {
    ordered &= chans[index] == chan;
    chans[index] = chan;
  }

  /** What the chosen receive got; null when its channel was closed. */
  public @Nullable Object received() {
    return received;
  }

  /** False when the chosen case met a closed channel. */
  public boolean ok() {
    return ok;
  }

  /** As {@link #run(long, WaitReason)}, where the wait is shown as that of a select. */
  public int run(long timeoutNanos) throws InterruptedException {
    return run(timeoutNanos, null);
  }

  /**
   * Chooses and performs one case.
   *
   * @param timeoutNanos negative: wait for ever; {@link Long#MIN_VALUE}: do not wait (default)
   * @param reason what a dump shows; null for a select
   * @return the case, {@link #DEFAULT} or {@link #TIMEOUT}
   */
  public int run(long timeoutNanos, @Nullable WaitReason reason) throws InterruptedException {
    received = null;
    if (!ordered) {
      sort();
    }
    shuffle();
    boolean waits = timeoutNanos != Long.MIN_VALUE && timeoutNanos != 0;
    int chosen;
    lockAll();
    try {
      chosen = firstReadyLocked();
      if (chosen < 0 && waits) {
        prepare();
      }
    } catch (Throwable failure) {
      unlockAll();
      throw failure;
    }
    if (chosen >= 0) {
      unlockAll();
      Attempt a = attempt;
      received = a.elem;
      a.elem = null;
      a.finish();
      return chosen;
    }
    if (!waits) {
      unlockAll();
      return timeoutNanos == 0 ? TIMEOUT : DEFAULT;
    }
    return block(
        timeoutNanos,
        reason != null
            ? reason
            : locks == 0 && timeoutNanos < 0 ? WaitReason.SELECT_NO_CASES : WaitReason.SELECT);
  }

  private int firstReadyLocked() {
    for (int i : poll) {
      Hchan c = chans[i];
      if (c == null || elems[i] == ABSENT) {
        continue;
      }
      Outcome o = sends[i] ? c.sendLocked(elems[i], attempt) : c.recvLocked(attempt);
      if (o != Outcome.BLOCKED) {
        ended(i, o == Outcome.DONE);
        return i;
      }
    }
    return -1;
  }

  /** What was sent is no longer this select's. */
  private void ended(int chosen, boolean done) {
    ok = done;
    if (done && sends[chosen]) {
      elems[chosen] = ABSENT;
    }
  }

  /** Makes what {@link #block} needs, or makes it ready for use again. */
  private void prepare() {
    SelectWait w = wait;
    if (w != null && w.isMine()) {
      w.renew();
    } else {
      w = new SelectWait();
      wait = w;
      Arrays.fill(sudogs, null);
    }
    for (int i = 0; i < chans.length; i++) {
      Hchan c = chans[i];
      Sudog s = sudogs[i];
      if (c != null && (s == null || !s.isOf(c))) {
        sudogs[i] = new Sudog(c, sends[i], null, w, i);
      }
    }
  }

  private int block(long timeoutNanos, WaitReason reason) throws InterruptedException {
    SelectWait w = Objects.requireNonNull(wait);
    for (int i : poll) { // of two cases of one channel, too, either may be first
      Hchan c = chans[i];
      Sudog s = sudogs[i];
      if (c != null && s != null && elems[i] != ABSENT) {
        s.ok = true;
        s.elem = sends[i] ? elems[i] : null;
        (sends[i] ? c.senders : c.receivers).add(s);
      }
    }
    unlockAll();
    receiversChanged();
    Timer timer = null;
    try {
      if (timeoutNanos > 0) {
        timer = new TimeoutTimer(w, Clock.after(timeoutNanos));
        Sched.current().addTimer(timer);
      }
      w.await(reason);
    } catch (Throwable interrupted) {
      chosen(w, timer);
      throw interrupted;
    }
    return chosen(w, timer);
  }

  /** After the wait, and in a method of its own that has run before: see Waiter, Profile. */
  private int chosen(SelectWait w, @Nullable Timer timer) {
    Object winner = w.winner();
    if (timer != null && winner != SelectWait.TIMEOUT && !timer.cancel()) {
      wait = null;
    }
    leaveAll(winner);
    if (winner instanceof Sudog s) {
      received = sends[s.index] ? null : s.elem;
      s.elem = null;
      ended(s.index, s.ok);
      return s.index;
    }
    return TIMEOUT;
  }

  static {
    var finished = new Select(new Hchan[0], new boolean[0], new Object[0]);
    finished.chosen(new SelectWait(), null);
  }

  private void leaveAll(@Nullable Object winner) {
    lockAll();
    for (Sudog s : sudogs) {
      if (s != null && s != winner) {
        s.leave();
        s.elem = null;
      }
    }
    unlockAll();
    receiversChanged();
  }

  private void sort() {
    int n = 0;
    for (Hchan c : chans) {
      if (c != null) {
        order[n++] = c;
      }
    }
    Arrays.sort(order, 0, n, BY_ID);
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || order[i] != order[i - 1]) {
        order[distinct++] = order[i];
      }
    }
    Arrays.fill(order, distinct, order.length, null);
    locks = distinct;
    ordered = true;
  }

  private Hchan locked(int i) {
    return Objects.requireNonNull(order[i]);
  }

  private void lockAll() {
    for (int i = 0; i < locks; i++) {
      locked(i).lock();
    }
  }

  private void unlockAll() {
    for (int i = locks - 1; i >= 0; i--) {
      locked(i).unlock();
    }
  }

  private void receiversChanged() {
    for (int i = 0; i < locks; i++) {
      locked(i).receiversChanged();
    }
  }

  /** Every permutation is as likely as any other, whatever the one before was. */
  private void shuffle() {
    for (int i = poll.length - 1; i > 0; i--) {
      int j = Rand.below(i + 1);
      int p = poll[i];
      poll[i] = poll[j];
      poll[j] = p;
    }
  }

  private static final class TimeoutTimer extends Timer {
    private final SelectWait wait;

    TimeoutTimer(SelectWait wait, long when) {
      super(when);
      this.wait = wait;
    }

    @Override
    protected void fire() {
      if (wait.win(SelectWait.TIMEOUT)) {
        wait.ready();
      }
    }
  }
}
