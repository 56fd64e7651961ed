package dev.raddle.runtime;

/**
 * The class of a goroutine in run queues: of all that can run on a P, the higher classes run first;
 * within a class, what has a {@linkplain GoOptions#withDeadline deadline} first, the earliest
 * first; else in the order in which they came. Thieves look at the class before the victim.
 *
 * <p>No class starves. Every 61st pick of a P goes by turns to each class of its own queues, to
 * each class of the shared one, and to what has a deadline of NORMAL and of LOW: the first of each
 * of these eight queues runs after at most 488 picks, however many goroutines of higher classes, or
 * with deadlines, can run. What has a deadline is in the order of deadlines, also then: whoever
 * never ends and has an earlier one stays before. Classes order who is picked next; they do not
 * interrupt who runs. What is HIGH and queued behind one that runs for long is taken by other Ps,
 * also by busy ones, within as many of their picks as there are Ps.
 *
 * <p>Jobs run in the class that the goroutine was given which forked them, unless their scope, loop
 * or graph gives them another.
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
