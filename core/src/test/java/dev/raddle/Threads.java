package dev.raddle;

import dev.raddle.runtime.Body;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The kinds of threads that use channels. */
enum Threads {
  GOROUTINE,
  /** Virtual, on the JDK's scheduler. */
  VIRTUAL,
  PLATFORM;

  /** A thread of some kind: all of them in turn. */
  static Threads of(int i) {
    return values()[i % values().length];
  }

  /**
   * A thread that runs.
   *
   * @param thread to interrupt
   * @param end completed with it
   */
  record Running(Thread thread, CompletableFuture<Boolean> end) {
    /** Waits for its end; fails as it did. */
    void join() throws Exception {
      end.get(60, TimeUnit.SECONDS);
    }
  }

  Running start(Body body) throws Exception {
    var self = new CompletableFuture<Thread>();
    var end = new CompletableFuture<Boolean>();
    Runnable run =
        () -> {
          self.complete(Thread.currentThread());
          try {
            body.run();
            end.complete(true);
          } catch (Throwable t) {
            end.completeExceptionally(t);
          }
        };
    switch (this) {
      case GOROUTINE -> Go.go(run::run);
      case VIRTUAL -> foreign(run);
      case PLATFORM -> Thread.ofPlatform().daemon().start(run);
    }
    return new Running(self.get(60, TimeUnit.SECONDS), end);
  }

  /** From a platform thread: started by a goroutine it would be a goroutine's kind of thread. */
  private static void foreign(Runnable run) throws InterruptedException {
    Thread starter = Thread.ofPlatform().start(() -> Thread.ofVirtual().start(run));
    starter.join();
  }
}
