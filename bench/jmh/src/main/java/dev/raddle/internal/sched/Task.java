package dev.raddle.internal.sched;

/** What stands in the queues. */
final class Task implements Runnable {
  @Override
  public void run() {}
}
