package dev.raddle.runtime;

/**
 * The class of a goroutine in run queues: of all that can run on a P, the higher classes run first;
 * within a class, what has a {@linkplain GoOptions#withDeadline deadline} first, the earliest
 * first; else in the order in which they came. Thieves look at the class before the victim.
 *
 * <p>No class starves. Every 61st pick of a P goes by turns to LOW and to NORMAL of its own queues,
 * and to each class of the shared one: the first of each of these five queues runs after at most
 * 305 picks, however many goroutines of higher classes can run. Classes order who is picked next;
 * they do not interrupt who runs.
 *
 * <p>A goroutine that holds a {@link dev.raddle.sync.Mutex} for which one of a higher class waits
 * runs in that class until it unlocks (priority inheritance).
 */
public enum Priority {
  /** Before all others. */
  HIGH,
  /** Unless asked otherwise. */
  NORMAL,
  /** When nothing else can run, and now and then. */
  LOW
}
