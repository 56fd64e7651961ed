package dev.raddle.internal.sched;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits in a scheduler's {@code close()}; whoever takes it out of its place owes it a ready(). */
final class Closer extends Waiter {
  private final AtomicReference<@Nullable Closer> place;

  Closer(AtomicReference<@Nullable Closer> place) {
    this.place = place;
  }

  @Override
  protected boolean withdraw() {
    return place.compareAndSet(this, null);
  }
}
