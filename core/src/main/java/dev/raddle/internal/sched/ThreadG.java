package dev.raddle.internal.sched;

import dev.raddle.internal.util.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A goroutine whose thread was made first, for somebody who wants a {@link Thread}. */
final class ThreadG extends G {
  private @Nullable Runnable task;
  private final @Nullable Duration within;

  /** Set by {@code Thread.start}, which the JDK lets happen once. */
  private boolean started;

  /** {@code within}: how long after its start it should have ended; null for no deadline. */
  ThreadG(Runnable task, Note note, @Nullable Duration within) {
    this.task = task;
    this.within = within;
    if (!note.labels().isEmpty()) {
      note(note);
    }
  }

  @Override
  protected void body() {
    Runnable t = task;
    task = null; // nothing that the goroutine no longer needs is kept
    if (t != null) {
      t.run();
    }
  }

  /** Whether this is the first call. */
  boolean start() {
    boolean first = !started;
    started = true;
    return first;
  }

  /** On the start: the thread may have been renamed before, and its time begins. */
  void started(Thread thread) {
    String name = thread.getName();
    name(name.isEmpty() ? null : name);
    if (within != null) {
      note(note().withDeadline(Deadline.in(Clock.nanos(within), false)));
    }
  }
}
