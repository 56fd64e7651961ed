package dev.raddle.internal.sched;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits in a scheduler's {@code close()}. */
final class Closer extends Waiter {
  private static final Closer TAKEN = new Closer(new AtomicReference<>());

  private final AtomicReference<@Nullable Closer> place;

  Closer(AtomicReference<@Nullable Closer> place) {
    this.place = place;
  }

  /** Whoever gets true owes it a ready(), and the scheduler is closed for good. */
  boolean take() {
    return place.compareAndSet(this, TAKEN);
  }

  @Override
  protected boolean withdraw() {
    return place.compareAndSet(this, null);
  }
}
