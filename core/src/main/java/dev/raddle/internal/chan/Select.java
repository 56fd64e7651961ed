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
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/*
 * Select: one atomic choice over several channel operations.
 *
 * Steps       1  in random order, try the first case that looks ready, under its channel's lock alone
 *             2  none: lock every channel once, in order of id (no deadlock whatever the order of
 *                cases), and take the first case in that random order that can go on
 *                with a default and a single case its own word for it is enough (Hchan, No lock)
 *             3  none: with a default, leave; else queue on every channel, unlock, arm the timeout
 *             4  park; exactly one of counterpart, close, timeout or interrupt wins (SelectWait)
 *             5  leave the queues of the losers
 * Atomic      A case that goes on is an operation on one channel: its lock is enough, and any instant
 *             at which it can go on is one at which a select may choose it. That none can go on is a
 *             statement about all channels, so it is made, and acted on, under all locks (2 and 3).
 * Fair        Cases are drawn one by one, each as likely as any other that is left. While nothing
 *             changes, what looks ready is ready, so the first one is any of the ready ones. The hint
 *             of step 1 is a racy read: it may be wrong either way, and then step 2 decides.
 * Reuse       Arrays, lock order, the wait and its sudogs serve one run after another, so that a run
 *             of a select that is kept allocates nothing but the timer of a timeout. A wait begins
 *             anew only when its one ready() was seen or it withdrew, and it is in no queue (step 5);
 *             one whose timer could not be cancelled is left to the timer, which may yet fire.
 * Leaving     A sudog that is seen out of its queue needs no lock to leave it. Whoever took it out may
 *             still be about to try to win the wait, in vain: so the wait begins anew under all locks
 *             only (step 2), and a channel that is replaced is locked once more (set).
 * Failure     Where memory may end, under the locks, they are given back before the error goes on.
 *             After step 3 somebody may have won already, and have passed an element: then what
 *             failed is given up, not the case.
 * Sources     Go runtime/select.go.
 */
/** A select, run once or again and again by one thread at a time. */
public class Select {
  /** {@link #run}: no case was ready and there is a default. */
  public static final int DEFAULT = -1;

  /** {@link #run}: the time was up. */
  public static final int TIMEOUT = -2;

  /** As an element to send: the case does not take part. */
  public static final Object ABSENT = new Object();

  private static final int MAX_CASES = 1 << 16;

  /** No lambda: the class could not be initialized in a full heap, and not later either. */
  private static final class ById implements Comparator<Hchan> {
    @Override
    public int compare(Hchan a, Hchan b) {
      return Long.compare(a.id, b.id);
    }
  }

  /** Up to so many channels are sorted by insertion: without a comparator's calls. Not tuned. */
  private static final int FEW = 8;

  /** How many channels a dump names. */
  private static final int NAMED = 8;

  /** What one or two receives do; only read. */
  private static final boolean[] RECEIVES = {false, false};

  private static final @Nullable Object[] NOTHING = {null, null};
  private static final @Nullable Hchan[] NO_CHANS = {};
  private static final @Nullable Sudog[] NO_SUDOGS = {};

  private final @Nullable Hchan[] chans;
  private final boolean[] sends;
  private final @Nullable Object[] elems;

  /** A permutation of the cases, drawn anew for each run. */
  private final int[] poll;

  /** The channels in lock order, each once: the first `locks` ones. May be `chans` itself. */
  private @Nullable Hchan[] order = NO_CHANS;

  private int locks;
  private boolean ordered;

  /** Some channel is a timer's. */
  private boolean timed;

  private final Attempt attempt = new Attempt();
  private @Nullable SelectWait wait;
  private @Nullable Sudog[] sudogs = NO_SUDOGS;

  /** What the chosen receive got. */
  private @Nullable Object received;

  private boolean ok = true;

  /**
   * Makes a select that receives.
   *
   * @param chans one a case, two at most; kept
   */
  public Select(@Nullable Hchan[] chans) {
    this(chans, RECEIVES, NOTHING);
  }

  /**
   * Makes a select over arrays that it keeps.
   *
   * @param chans one a case; null for a nil channel, which is never ready. See {@link #set}
   * @param sends whether a case sends; only read
   * @param elems what it sends; {@link #ABSENT} once it is sent. The caller may change it between
   *     runs. Only read without a case that sends
   */
  public Select(@Nullable Hchan[] chans, boolean[] sends, @Nullable Object[] elems) {
    int n = chans.length;
    check(n);
    this.chans = chans;
    this.sends = sends;
    this.elems = elems;
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
    Hchan before = chans[index];
    if (before == chan) {
      return;
    }
    chans[index] = chan;
    ordered = false;
    if (before != null && index < sudogs.length) { // see Leaving
      before.lock();
      before.unlock();
    }
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
    int chosen = firstThatLooksReady();
    if (chosen >= 0) {
      return done(chosen);
    }
    boolean waits = timeoutNanos != Long.MIN_VALUE && timeoutNanos != 0;
    if (!waits && blocksAlone()) {
      return timeoutNanos == 0 ? TIMEOUT : DEFAULT;
    }
    if (!ordered) {
      sort();
    }
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
      return done(chosen);
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

  /** Without a hit, `poll` is a permutation that is as likely as any other. */
  private int firstThatLooksReady() {
    for (int k = 0; k < poll.length; k++) {
      int i = draw(k);
      Hchan c = chans[i];
      if (c == null || elems[i] == ABSENT) {
        continue;
      }
      boolean send = sends[i];
      if (send ? c.sendLooksReady() : c.recvLooksReady()) {
        Outcome o = send ? c.lockAndSend(elems[i], attempt) : c.lockAndRecv(attempt);
        c.unlock();
        if (o != Outcome.BLOCKED) {
          ended(i, o == Outcome.DONE);
          return i;
        }
      }
    }
    return -1;
  }

  /** Whether there is one case that takes part, and it cannot go on at an instant of this call. */
  private boolean blocksAlone() {
    Hchan one = null;
    boolean send = false;
    for (int i = 0; i < chans.length; i++) {
      Hchan c = chans[i];
      if (c != null && elems[i] != ABSENT) {
        if (one != null) {
          return false;
        }
        one = c;
        send = sends[i];
      }
    }
    return one != null && (send ? one.sendBlocks() : one.recvBlocks());
  }

  /** Draws the k-th case: any of those that were not drawn before. */
  private int draw(int k) {
    int left = poll.length - k;
    int i = poll[k];
    if (left > 1) {
      int j = k + Rand.below(left);
      poll[k] = poll[j];
      poll[j] = i;
    }
    return poll[k];
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

  /** Under no lock. */
  private int done(int chosen) {
    Attempt a = attempt;
    received = a.elem;
    a.elem = null;
    a.finish();
    return chosen;
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
      w = new SelectWait(this);
      sudogs = new Sudog[chans.length];
      wait = w;
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
    Timer timer = null;
    try {
      receiversChanged();
      if (timeoutNanos > 0) {
        timer = arm(w, timeoutNanos);
      }
      w.await(reason);
    } catch (InterruptedException interrupted) {
      chosen(w, timer);
      throw interrupted;
    } catch (RuntimeException | Error failure) {
      if (withdraw(w)) {
        throw failure;
      }
      w.await(reason); // no interrupt ends it: somebody has won
    }
    return chosen(w, timer);
  }

  /** Starts the timeout. Tests make it fail. */
  Timer arm(SelectWait w, long timeoutNanos) {
    var timer = new TimeoutTimer(w, Clock.after(timeoutNanos));
    Sched.current().addTimer(timer);
    return timer;
  }

  /** Ends a wait that failed, unless somebody has won it, and will end it. */
  private boolean withdraw(SelectWait w) {
    wait = null; // a timer may have been added, and fire
    boolean withdrawn = w.withdraw();
    if (withdrawn) {
      leaveAll(w.winner());
    }
    return withdrawn;
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
    finished.chosen(new SelectWait(finished), null);
  }

  /** What it waits for, as {@code Waiter.what}: its channels, or null if it has none. */
  protected @Nullable Object what() {
    var text = new StringJoiner(", ");
    for (int i = 0; i < Math.min(chans.length, NAMED); i++) {
      Hchan c = chans[i];
      text.add(c == null ? "nil chan" : c.toString());
    }
    int more = chans.length - NAMED;
    return chans.length == 0 ? null : more > 0 ? text + " and " + more + " more" : text;
  }

  private void leaveAll(@Nullable Object winner) {
    for (Sudog s : sudogs) {
      if (s != null && s != winner) {
        s.leaveAndForget();
      }
    }
    receiversChanged();
  }

  private void sort() {
    boolean own = order.length == chans.length && order != chans;
    timed = false;
    boolean ascending = !own; // then chans will do, as long as no array was made
    for (int i = 0; i < chans.length; i++) {
      Hchan c = chans[i];
      timed |= c instanceof TimerChan;
      Hchan before = i == 0 ? null : chans[i - 1];
      ascending &= c != null && (i == 0 || (before != null && before.id < c.id));
    }
    if (ascending) {
      order = chans;
      locks = chans.length;
    } else {
      if (!own) {
        order = new Hchan[chans.length];
      }
      locks = fill(order);
    }
    ordered = true;
  }

  /** Returns how many channels there are. */
  private int fill(@Nullable Hchan[] to) {
    int n = 0;
    for (Hchan c : chans) {
      if (c != null) {
        to[n++] = c;
      }
    }
    if (n <= FEW) {
      insertionSort(to, n);
    } else {
      Arrays.sort(to, 0, n, new ById());
    }
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || to[i] != to[i - 1]) {
        to[distinct++] = to[i];
      }
    }
    Arrays.fill(to, distinct, to.length, null);
    return distinct;
  }

  @SuppressWarnings("NullAway") // the first n are channels
  private static void insertionSort(@Nullable Hchan[] a, int n) {
    for (int i = 1; i < n; i++) {
      Hchan c = a[i];
      int j = i;
      for (; j > 0 && a[j - 1].id > c.id; j--) {
        a[j] = a[j - 1];
      }
      a[j] = c;
    }
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
    for (int i = 0; timed && i < locks; i++) {
      locked(i).receiversChanged();
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
