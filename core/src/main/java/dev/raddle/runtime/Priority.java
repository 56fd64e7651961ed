package dev.raddle.runtime;

/**
 * The class of a goroutine in run queues. Higher classes run first; every 61st pick looks at the
 * lowest first, so that it always moves.
 */
public enum Priority {
  /** Before all others. */
  HIGH,
  /** Unless asked otherwise. */
  NORMAL,
  /** When nothing else can run, and now and then. */
  LOW
}
