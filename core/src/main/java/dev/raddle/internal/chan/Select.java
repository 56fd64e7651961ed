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
 * Sources     Go runtime/select.go.
 */
/** One execution of a select. */
public final class Select {
  /** {@link #run}: no case was ready and there is a default. */
  public static final int DEFAULT = -1;

  /** {@link #run}: the time was up. */
  public static final int TIMEOUT = -2;

  private final @Nullable Hchan[] chans;
  private final boolean[] sends;
  private final @Nullable Object[] elems;
  private Hchan[] order = new Hchan[0];

  /** What the chosen receive got. */
  private @Nullable Object received;

  private boolean ok = true;

  /**
   * Makes a select.
   *
   * @param chans one a case; null for a nil channel, which is never ready
   * @param sends whether a case sends
   * @param elems what it sends
   */
  public Select(@Nullable Hchan[] chans, boolean[] sends, @Nullable Object[] elems) {
    this.chans = chans;
    this.sends = sends;
    this.elems = elems;
  }

  /** What the chosen receive got; null when its channel was closed. */
  public @Nullable Object received() {
    return received;
  }

  /** False when the chosen case met a closed channel. */
  public boolean ok() {
    return ok;
  }

  /**
   * Chooses and performs one case.
   *
   * @param timeoutNanos negative: wait for ever; {@link Long#MIN_VALUE}: do not wait (default)
   * @return the case, {@link #DEFAULT} or {@link #TIMEOUT}
   */
  public int run(long timeoutNanos) throws InterruptedException {
    lockAll();
    var a = new Attempt();
    int n = chans.length;
    int[] poll = shuffled(n);
    for (int i = 0; i < n; i++) {
      Hchan c = chans[poll[i]];
      if (c != null) {
        int chosen = poll[i];
        Outcome o = sends[chosen] ? c.sendLocked(elems[chosen], a) : c.recvLocked(a);
        if (o != Outcome.BLOCKED) {
          unlockAll();
          a.finish();
          received = a.elem;
          ok = o == Outcome.DONE;
          return chosen;
        }
      }
    }
    if (timeoutNanos == Long.MIN_VALUE || timeoutNanos == 0) {
      unlockAll();
      return timeoutNanos == 0 ? TIMEOUT : DEFAULT;
    }
    return block(timeoutNanos);
  }

  private int block(long timeoutNanos) throws InterruptedException {
    var wait = new SelectWait();
    var sudogs = new @Nullable Sudog[chans.length];
    for (int i = 0; i < chans.length; i++) {
      Hchan c = chans[i];
      if (c != null) {
        var s = new Sudog(c, sends[i], sends[i] ? elems[i] : null, wait, i);
        sudogs[i] = s;
        (sends[i] ? c.senders : c.receivers).add(s);
      }
    }
    unlockAll();
    receiversChanged();
    Timer timer = null;
    if (timeoutNanos > 0) {
      timer = new TimeoutTimer(wait, Clock.after(timeoutNanos));
      Sched.current().addTimer(timer);
    }
    try {
      wait.await(
          order.length == 0 && timer == null ? WaitReason.SELECT_NO_CASES : WaitReason.SELECT);
    } finally {
      if (timer != null && wait.winner() != SelectWait.TIMEOUT) {
        timer.cancel();
      }
      lockAll();
      for (Sudog s : sudogs) {
        if (s != null) {
          s.leave();
        }
      }
      unlockAll();
      receiversChanged();
    }
    if (wait.winner() instanceof Sudog s) {
      received = sends[s.index] ? null : s.elem;
      ok = s.ok;
      return s.index;
    }
    return TIMEOUT;
  }

  private void lockAll() {
    if (order.length == 0) {
      order =
          Arrays.stream(chans)
              .filter(c -> c != null)
              .distinct()
              .sorted(Comparator.comparingLong(c -> c.id))
              .toArray(Hchan[]::new);
    }
    for (Hchan c : order) {
      c.lock();
    }
  }

  private void unlockAll() {
    for (int i = order.length - 1; i >= 0; i--) {
      order[i].unlock();
    }
  }

  private void receiversChanged() {
    for (Hchan c : order) {
      c.receiversChanged();
    }
  }

  private static int[] shuffled(int n) {
    int[] order = new int[n];
    for (int i = 1; i < n; i++) {
      int j = Rand.below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
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
