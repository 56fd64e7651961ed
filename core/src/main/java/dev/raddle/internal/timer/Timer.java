package dev.raddle.internal.timer;

import org.jspecify.annotations.Nullable;

/** Something that happens once, at an instant of {@link dev.raddle.internal.util.Clock}. */
public abstract class Timer {
  /** Due instant; fixed before the timer is added. */
  final long when;

  /** The heap that holds the timer; null before it was added. Written under that heap's lock. */
  volatile @Nullable TimerHeap heap;

  /** Place in the heap, -1 when in none. Guarded by the heap's lock. */
  int index = -1;

  /**
   * Makes a timer.
   *
   * @param when due instant
   */
  protected Timer(long when) {
    this.when = when;
  }

  /**
   * Runs when due, on a scheduler thread and under no lock. It must be short and must not run code
   * of the user: it readies goroutines.
   */
  protected abstract void fire();

  /** The due instant. */
  public final long when() {
    return when;
  }

  /**
   * Takes the timer out of its heap.
   *
   * @return whether it will not fire: false when it fired, is firing, or never was added
   */
  public final boolean cancel() {
    TimerHeap h = heap;
    return h != null && h.remove(this);
  }
}
