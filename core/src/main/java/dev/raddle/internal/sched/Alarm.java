package dev.raddle.internal.sched;

import dev.raddle.internal.timer.Timer;
import dev.raddle.internal.util.Clock;

/*
 * A timer that any thread may take back at any time, even before it is in a heap: whoever armed it
 * under a lock adds it after the unlock, because a heap is never touched under a lock.
 *
 * Ordering    R1  set: in the heap, reads dropped  <->  drop: sets dropped, looks in the heap.
 *                 One of the two sees the other, and takes it out.
 * Checked by  proof: AlarmDrop (R1).
 */
/** A timer that can be dropped while it is being added. */
public abstract class Alarm extends Timer {
  private volatile boolean dropped;

  /**
   * Makes an alarm.
   *
   * @param when due instant
   */
  protected Alarm(long when) {
    super(when);
  }

  /**
   * Adds it to the timers of {@code sched}, unless dropped. Called under no lock, once, and again
   * after it failed for want of memory: in the heap or not, it is added one time only.
   */
  public final void set(Sched sched) {
    sched.addTimer(wasAdded() ? new Nudge() : this);
    added();
  }

  /** After it came into a heap. */
  final void added() {
    if (dropped) { // R1
      cancel();
    }
  }

  /** For an alarm that came into a heap, but whose scheduler may not have been woken for it. */
  private static final class Nudge extends Timer {
    Nudge() {
      super(Clock.after(0));
    }

    @Override
    protected void fire() {}
  }

  /** Leaves nothing in any heap. It may still fire: its owner must know that it does not count. */
  public final void drop() {
    dropped = true; // R1
    cancel();
  }
}
