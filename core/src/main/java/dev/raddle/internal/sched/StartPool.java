package dev.raddle.internal.sched;

/**
 * The JDK's view of the scheduler for threads that others start. The first submission of such a
 * thread is its start. A pool of its own, so that no other wake-up has to ask.
 */
final class StartPool extends JdkPool {
  private final ProcSched sched;

  StartPool(ProcSched sched) {
    super(sched);
    this.sched = sched;
  }

  @Override
  protected void ready(Runnable task) {
    if (task instanceof GThread thread && thread.g() instanceof ThreadG g && g.start()) {
      sched.threadStarted(thread, g);
    } else {
      super.ready(task);
    }
  }
}
