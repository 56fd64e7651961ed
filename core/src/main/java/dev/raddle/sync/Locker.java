package dev.raddle.sync;

/** What can be locked and unlocked: Go's {@code sync.Locker}. */
public interface Locker {
  /** Waits until the lock is free, and takes it. An interrupt does not end the wait; it is kept. */
  void lock();

  /**
   * Gives the lock back. Any goroutine or thread may do so, not only the one that took it.
   *
   * @throws IllegalStateException if it is not locked
   */
  void unlock();
}
