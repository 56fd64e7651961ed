package dev.raddle.job;

import dev.raddle.internal.sched.Waiter;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for a job. */
final class Join extends Waiter {
  final @Nullable Join next;

  Join(@Nullable Join next) {
    this.next = next;
  }

  @Override
  protected boolean withdraw() {
    return true; // it stays with the job; being readied late does no harm
  }
}
