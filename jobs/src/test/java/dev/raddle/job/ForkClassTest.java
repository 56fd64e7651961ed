package dev.raddle.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.runtime.GoOptions;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Priority;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.Mutex;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs run in the class of the goroutine that forked them. */
@Timeout(60)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "classes of the own scheduler")
class ForkClassTest {
  private final Set<Priority> seen = ConcurrentHashMap.newKeySet();

  private static Goroutine me() {
    return Objects.requireNonNull(Goroutine.current());
  }

  private void look() {
    seen.add(me().priority());
  }

  private interface Body {
    void run() throws Exception;
  }

  private static void in(Scheduler s, Priority p, Body body) throws Exception {
    var done = new CompletableFuture<Boolean>();
    s.go(
        GoOptions.priority(p),
        () -> {
          try {
            body.run();
            done.complete(true);
          } catch (Throwable t) {
            done.completeExceptionally(t);
          }
        });
    done.get(50, TimeUnit.SECONDS);
  }

  /** On two Ps, so that some are stolen, and joined out of order, so that some are not in place. */
  @ParameterizedTest
  @EnumSource(Priority.class)
  void forksAndLoopsKeepTheClass(Priority p) throws Exception {
    try (var s = Scheduler.builder().processors(2).build()) {
      in(
          s,
          p,
          () -> {
            Job<?> first = Jobs.fork(this::lookTwice);
            Job<?> second = Jobs.fork(this::lookTwice);
            first.join();
            second.join();
            Jobs.parallelFor(0, 1_000, i -> look());
            try (var scope = JobScope.open()) {
              scope.fork(this::lookTwice);
            }
          });
    }
    assertEquals(EnumSet.of(p), EnumSet.copyOf(seen));
  }

  /** A job that waits is a goroutine of its own; what it forks is of its class again. */
  private Object lookTwice() throws Exception {
    look();
    Thread.sleep(1);
    Jobs.fork(
            () -> {
              look();
              return 0;
            })
        .join();
    look();
    return 0;
  }

  /** What is lent for a lock is not for what the holder forks. */
  @Test
  void aJobTakesTheClassThatItsForkerWasGiven() throws Exception {
    try (var s = Scheduler.builder().processors(1).build()) {
      in(
          s,
          Priority.LOW,
          () -> {
            var mutex = new Mutex();
            mutex.lock();
            s.go(
                GoOptions.priority(Priority.HIGH),
                () -> {
                  mutex.lock();
                  mutex.unlock();
                });
            while (me().priority() != Priority.HIGH) { // ends by the time limit
              Thread.yield();
            }
            var started = new CountDownLatch(1);
            Job<?> job =
                Jobs.fork(
                    () -> {
                      started.countDown();
                      return lookTwice();
                    });
            started.await(); // it runs by itself
            mutex.unlock();
            job.join();
          });
    }
    assertEquals(Set.of(Priority.LOW), seen);
  }
}
