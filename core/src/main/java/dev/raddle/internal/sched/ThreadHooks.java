package dev.raddle.internal.sched;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the user wants to be told of the threads of a scheduler, on those threads. A failure is
 * reported as that of any thread, and harms nobody.
 */
record ThreadHooks(@Nullable Consumer<Thread> start, @Nullable Consumer<Thread> stop) {
  static final ThreadHooks NONE = new ThreadHooks(null, null);

  void started(Thread t) {
    call(start, t);
  }

  void stopped(Thread t) {
    call(stop, t);
  }

  private static void call(@Nullable Consumer<Thread> hook, Thread t) {
    try {
      if (hook != null) {
        hook.accept(t);
      }
    } catch (Throwable failure) {
      report(t, failure);
    }
    Thread.interrupted(); // an M that is interrupted could not park
  }

  private static void report(Thread t, Throwable failure) {
    try {
      t.getUncaughtExceptionHandler().uncaughtException(t, failure);
    } catch (Throwable ignored) {
      // as the JDK does
    }
  }
}
