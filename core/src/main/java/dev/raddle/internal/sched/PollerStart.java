package dev.raddle.internal.sched;

import dev.raddle.internal.jdk.Pollers;
import dev.raddle.internal.util.Parker;

/**
 * Starts the JDK's socket pollers on the default scheduler, before another one can come first: what
 * it isolates would be at the mercy of all sockets, and they at its.
 */
final class PollerStart extends G {
  private static volatile boolean started;
  private final Thread waiting = Thread.currentThread();
  private volatile boolean done;

  private PollerStart() {}

  static void ensure() {
    if (started) {
      return;
    }
    var g = new PollerStart();
    Sched.getDefault().spawn(g);
    boolean interrupted = false;
    while (!g.done) {
      Parker.park();
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  protected void body() {
    Pollers.start();
    started = true;
  }

  @Override
  protected void ended() {
    done = true;
    Parker.unpark(waiting);
  }
}
