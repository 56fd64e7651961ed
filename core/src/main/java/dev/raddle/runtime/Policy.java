package dev.raddle.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Decides in which order a scheduler's goroutines run: in place of the classes, deadlines and FIFO
 * queues of the default. Given to {@link Scheduler.Builder#policy}; a scheduler without one pays
 * nothing for this. {@link WeightedFair} is an example.
 *
 * <p>Each P has a queue. Whatever becomes runnable is added to the queue of the P on which that
 * happens; what comes from outside is added to that of the next P that picks. A P that has nothing
 * steals.
 *
 * <p>Forked jobs and the pieces of loops are parts of the goroutine that forks them. They do not
 * come here: they stay beside the queue until they are joined, or a P has nothing else, or with
 * every eighth pick of a busy one. A forked job that has parked is added as any other goroutine.
 *
 * <p>The scheduler calls each queue under a lock of that queue, so a queue needs none of its own as
 * long as it shares nothing with others; there it must not block, park, start goroutines or take
 * locks that others hold for long. What it throws ends the process: nothing can be trusted any
 * more.
 */
public interface Policy {
  /**
   * Makes the queue of a P, before its first use.
   *
   * @param processor its index
   * @return an empty queue
   */
  Queue newQueue(int processor);

  /**
   * Whether to accept a goroutine; asked on the thread that starts it, before it is queued. Not
   * asked of what a goroutine forks: that is a part of it. A job of a graph that is refused fails
   * its run.
   *
   * @param goroutine unstarted
   * @return false: its {@code go} throws {@link java.util.concurrent.RejectedExecutionException}
   */
  default boolean admits(Goroutine goroutine) {
    return true;
  }

  /**
   * The order in which a P that has nothing asks others.
   *
   * @param processor its index
   * @param victims the indices of all Ps, in a random order; to be put into the order wanted
   */
  default void orderVictims(int processor, int[] victims) {}

  /**
   * How often a P that has nothing looks at all others before its thread sleeps. More rounds make
   * wake-ups faster, and burn a CPU.
   *
   * @return 0 for as many as the default
   */
  default int searchRounds() {
    return 0;
  }

  /** What can run on a P. Called under its lock. */
  interface Queue {
    /**
     * A goroutine can run: it is new, was woken, yielded, or came from another P.
     *
     * @param goroutine not in any queue
     */
    void add(Goroutine goroutine);

    /**
     * Takes the one that runs next: on this P, or on another one that has nothing.
     *
     * @return one of the objects that were added; null only if the queue is empty
     */
    @Nullable Goroutine next();

    /**
     * A goroutine has run on this P until it parked, yielded or ended.
     *
     * @param goroutine equal to the one that was added
     * @param nanos for how long
     */
    default void ran(Goroutine goroutine, long nanos) {}
  }
}
