package dev.raddle.internal.sched;

/*
 * Where the goroutines of a scheduler wait for the world outside. The scheduler polls it:
 *
 *   N1  an M that found nothing in its own and the shared queue calls poll(), before it steals;
 *   N2  the keeper of the timers, an M without a P, sleeps in await() instead of in a park, until the
 *       next timer. Before it blocks it takes its turn, says so (M.polling) and looks again at
 *       everything that M.wake() is called for; who calls that reads M.polling after the fact, and
 *       then calls wake(). One of the two sees the other. The turn comes first because the one that
 *       was the keeper before may still be inside: it would take a wake-up meant for this one.
 *       One that was granted a P on its way to its turn does not wait for it: the next keeper may be
 *       inside already, for as long as nothing happens;
 *   N3  sysmon: when nobody has polled for a while, an M wakes to become the keeper; when no P is
 *       idle either, it calls poll() itself.
 *
 * Checked by  proof: PollKeeper; PollTurnTest (N2).
 */
/** The seam between a scheduler and what waits for sockets. */
public interface Netpoller {
  /**
   * Readies the goroutines whose sockets are ready. Never blocks.
   *
   * @return how many were readied; 0 also when another thread is polling
   */
  int poll();

  /**
   * Takes the turn if nobody else polls. A keeper tries again until it is the keeper no more: the
   * one before it was woken. {@link #await} and {@link #dispatch} must follow, on the same thread.
   *
   * @return whether it has the turn
   */
  boolean tryEnter();

  /**
   * Waits until a socket is ready, {@link #wake} is called or the time is over.
   *
   * @param nanos how long; {@link dev.raddle.internal.timer.TimerHeap#NONE} for ever
   * @return whether a socket is ready
   */
  boolean await(long nanos);

  /**
   * Readies the goroutines that {@link #await} found. From now on others may poll.
   *
   * @return how many
   */
  int dispatch();

  /** Ends an {@link #await}, the present or the next one. */
  void wake();

  /** Its scheduler has no thread any more: passes its sockets on to the default scheduler's. */
  void close();
}
