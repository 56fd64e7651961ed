package dev.raddle.internal.timer;

import org.jspecify.annotations.Nullable;

/** Something that happens once, at an instant of {@link dev.raddle.internal.util.Clock}. */
public abstract class Timer {
  /** Due instant; fixed before the timer is added. */
  final long when;

  /**
   * The heap that holds the timer; null before it was added, {@link TimerHeap#MOVING} on its way to
   * another. While it is a heap it changes only under that heap's lock, and so does the index.
   */
  volatile @Nullable TimerHeap heap;

  /** {@link #index} of a timer that is in no heap. */
  static final int OUT = -1;

  /** Slot in the heap, or OUT. */
  int index = OUT;

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

  /** Whether a heap ever got it. */
  public final boolean wasAdded() {
    return heap != null;
  }

  /**
   * Takes the timer out of its heap.
   *
   * @return whether it will not fire: false when it fired, is firing, or never was added
   */
  public final boolean cancel() {
    for (TimerHeap h; (h = heap) != null; Thread.onSpinWait()) {
      int slot = h == TimerHeap.MOVING ? TimerHeap.ELSEWHERE : h.remove(this);
      if (slot != TimerHeap.ELSEWHERE) {
        return slot != OUT;
      }
    }
    return false;
  }
}
