package dev.raddle.internal.sched;

/** What a scheduler asks of a policy, see {@code dev.raddle.runtime.Policy}. */
public interface RunPolicy {
  /** Makes the queue of the P with that index. */
  PolicyQueue newQueue(int processor);

  /** Whether {@code g}, which has not been queued, is accepted. */
  boolean admits(G g);

  /** Puts the indices of the Ps to steal from into order. */
  void orderVictims(int processor, int[] victims);
}
