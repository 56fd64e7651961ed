package dev.raddle.jdk;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.raddle.runtime.Body;
import dev.raddle.runtime.Mode;
import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Where a test runs its goroutines: on a scheduler of its own, or on the JDK's.
 *
 * @param processors its Ps; 0 for the JDK's scheduler
 */
record On(int processors) {
  static final int LIMIT_SECONDS = 30;

  /** No wait of a test that is to succeed takes so long. */
  static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);

  /** Long enough for a wait to begin, and lost when a wake-up is. */
  static final Duration SHORT = Duration.ofMillis(2);

  static List<On> each() {
    return Mode.current() == Mode.OWN ? List.of(new On(1), new On(2)) : List.of(new On(0));
  }

  Scheduler scheduler() {
    return processors == 0
        ? Scheduler.current()
        : Scheduler.builder().name("jdk" + processors).processors(processors).build();
  }

  /** Runs the body as a goroutine, and waits until it and all that it started have ended. */
  void run(Body body) throws Exception {
    Scheduler s = scheduler();
    await(start(s, body));
    s.close();
  }

  /** Runs so many goroutines at once on the current scheduler. Fails if one of them does. */
  static void all(int n, Numbered body) throws Exception {
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int k = i;
      ends.add(start(Scheduler.current(), () -> body.run(k)));
    }
    for (var end : ends) {
      await(end);
    }
  }

  static CompletableFuture<?> start(Scheduler s, Body body) {
    return s.submit(
        () -> {
          body.run();
          return "ended";
        });
  }

  static void await(CompletableFuture<?> end) throws Exception {
    try {
      end.get(LIMIT_SECONDS, SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public String toString() {
    return processors == 0 ? "on the JDK's scheduler" : "on " + processors + " P";
  }

  /** One of many. */
  @FunctionalInterface
  interface Numbered {
    /** Runs number {@code i}. */
    void run(int i) throws Exception;
  }
}
