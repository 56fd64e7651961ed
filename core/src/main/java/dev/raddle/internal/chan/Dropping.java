package dev.raddle.internal.chan;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A channel whose sends never wait: when it is full, an element is dropped.
 *
 * Invariants  I1  of Hchan holds with a stronger half: no sender ever waits.
 * Hook        Called by the sender, after the lock was given back (Attempt.finish), once for each
 *             element dropped: under the lock it has left the buffer, or never entered it.
 */
/** A full channel that drops. */
public final class Dropping extends Hchan {
  private final boolean oldest;

  /**
   * Makes a channel.
   *
   * @param capacity 1 or more
   * @param oldest whether the oldest element makes room; else the new one is dropped
   */
  public Dropping(int capacity, boolean oldest, @Nullable Consumer<@Nullable Object> undelivered) {
    super(capacity, undelivered);
    this.oldest = oldest;
  }

  @Override
  boolean sendLooksReady() {
    return true;
  }

  @Override
  Outcome fullLocked(@Nullable Object elem, Attempt a) {
    a.dropped = oldest ? shift(elem) : elem;
    a.dropper = this;
    return Outcome.DONE;
  }

  @Override
  public String toString() {
    return (oldest ? "dropOldest " : "dropNewest ") + super.toString();
  }
}
