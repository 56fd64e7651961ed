package dev.raddle.internal.sched;

import org.jspecify.annotations.Nullable;

/** A goroutine whose thread was made first, for somebody who wants a {@link Thread}. */
final class ThreadG extends G {
  private @Nullable Runnable task;

  /** Set by {@code Thread.start}, which the JDK lets happen once. */
  private boolean started;

  ThreadG(Runnable task) {
    this.task = task;
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

  /** The thread may have been renamed before its start. */
  void takeName(Thread thread) {
    String name = thread.getName();
    name(name.isEmpty() ? null : name);
  }
}
