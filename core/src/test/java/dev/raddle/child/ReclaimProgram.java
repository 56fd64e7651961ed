package dev.raddle.child;

import dev.raddle.Chan;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;

/**
 * Leaks goroutines, half of them as threads of a factory, and waits until the collector has taken
 * all of them.
 */
final class ReclaimProgram {
  private static final int EACH = 200;

  private ReclaimProgram() {}

  /** Whoever runs this ends it if it takes too long. */
  public static void main(String[] args) throws InterruptedException {
    try (var s = Scheduler.builder().processors(1).build()) {
      leak(s);
      while (s.numGoroutine() > 0) {
        System.gc();
        Thread.onSpinWait();
      }
      System.out.println("reclaimed " + s.numReclaimed());
    }
  }

  private static void leak(Scheduler s) throws InterruptedException {
    var started = new WaitGroup();
    for (int i = 0; i < EACH; i++) {
      started.add(2);
      s.go(
          () -> {
            started.done();
            Chan.make().recv();
          });
      s.threadFactory()
          .newThread(
              () -> {
                started.done();
                try {
                  Chan.make().recv();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              })
          .start();
    }
    started.await();
  }
}
