package dev.raddle.job;

import dev.raddle.internal.sched.Deadline;
import dev.raddle.internal.sched.G;
import dev.raddle.internal.sched.Note;
import dev.raddle.internal.util.Clock;
import dev.raddle.runtime.GoOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the jobs of an owner run that was told: their class, deadline, name and labels. */
final class Manner {
  private final GoOptions options;

  /** The same for all; null: each one's own, or none. */
  private final @Nullable Deadline common;

  private Manner(GoOptions options, @Nullable Deadline common) {
    if (options.sheds()) {
      throw new IllegalArgumentException("jobs: expected options that do not shed");
    }
    this.options = options;
    this.common = common;
  }

  /** A deadline counts from each fork. */
  static Manner ofEach(GoOptions options) {
    return new Manner(options, null);
  }

  /** A deadline counts from now. */
  static Manner ofAll(GoOptions options) {
    return new Manner(options, deadline(options));
  }

  private static @Nullable Deadline deadline(GoOptions options) {
    Duration within = options.deadline();
    return within == null ? null : Deadline.in(Clock.nanos(within), false);
  }

  /** Before it is queued. */
  void giveTo(G job) {
    job.priority(options.priority().ordinal());
    Deadline by = common == null ? deadline(options) : common;
    if (by != null || options.name() != null || !options.labels().isEmpty()) {
      job.note(new Note(options.name(), options.labels(), null, null, by));
    }
  }
}
