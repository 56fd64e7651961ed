package dev.raddle.internal.sched;

import org.jspecify.annotations.Nullable;

/** What a scheduler accepts: how many goroutines, and how many that have not started. */
final class Limits {
  private final @Nullable Limit all;
  private final @Nullable Limit unstarted;

  private Limits(@Nullable Limit all, @Nullable Limit unstarted) {
    this.all = all;
    this.unstarted = unstarted;
  }

  /** Null if there is none. */
  static @Nullable Limits of(SchedConfig config) {
    SchedConfig.Bounds b = config.bounds();
    if (b.goroutines() == 0 && b.unstarted() == 0) {
      return null;
    }
    return new Limits(
        limit(config, "goroutines", b.goroutines()),
        limit(config, "goroutines that have not started", b.unstarted()));
  }

  private static @Nullable Limit limit(SchedConfig config, String what, int max) {
    return max == 0
        ? null
        : new Limit("scheduler " + config.name() + ": " + what, max, config.bounds().waits());
  }

  /** Before a goroutine is spawned. */
  void enter() {
    if (all != null) {
      all.enter();
    }
    if (unstarted != null) {
      boolean entered = false;
      try {
        unstarted.enter();
        entered = true;
      } finally {
        if (!entered && all != null) {
          all.leave();
        }
      }
    }
  }

  /** The same for one that is not refused. */
  void force() {
    if (all != null) {
      all.force();
    }
    if (unstarted != null) {
      unstarted.force();
    }
  }

  /** One has started. */
  void leaveUnstarted() {
    if (unstarted != null) {
      unstarted.leave();
    }
  }

  /** So many have ended. */
  void leave(int n) {
    for (int i = 0; all != null && i < n; i++) {
      all.leave();
    }
  }

  int waiting() {
    return (all == null ? 0 : all.waiting()) + (unstarted == null ? 0 : unstarted.waiting());
  }

  long refused() {
    return (all == null ? 0 : all.refused()) + (unstarted == null ? 0 : unstarted.refused());
  }
}
