package dev.raddle.internal.sched;

import dev.raddle.internal.timer.TimerHeap;
import org.jspecify.annotations.Nullable;

/**
 * One of the GOMAXPROCS: what makes a P the right to run. A hand-off takes it from the P of a
 * goroutine that hogs or blocks and gives it to another, and with it go the timers and the CPUs:
 * they are always where somebody runs, or is about to.
 */
final class Slot {
  final int index;
  final TimerHeap timers = new TimerHeap();

  /** Changes with the number of slots in use, so that the first places are those in use. */
  private volatile int @Nullable [] place;

  Slot(int index) {
    this.index = index;
  }

  /** The CPUs of whoever holds it; null for any. */
  int @Nullable [] place() {
    return place;
  }

  void place(int @Nullable [] cpus) {
    place = cpus;
  }
}
