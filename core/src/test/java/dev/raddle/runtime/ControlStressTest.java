package dev.raddle.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Chan;
import dev.raddle.Go;
import dev.raddle.sync.Mutex;
import dev.raddle.sync.WaitGroup;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that change all the time, deadlines, locks that lend them: nobody gets lost. */
@Timeout(120)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's queues")
class ControlStressTest {
  private static final int GOROUTINES = 300;
  private static final int STEPS = 200;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void everyOneEnds(int procs) throws Exception {
    try (var s = Scheduler.builder().processors(procs).build()) {
      var stop = new AtomicBoolean();
      var ended = new AtomicInteger();
      var counted = new int[1];
      var mutex = new Mutex();
      Chan<Integer> chan = Chan.make(2);
      var done = new WaitGroup();
      for (int i = 0; i < GOROUTINES; i++) {
        done.add(1);
        s.go(options(i), () -> steps(mutex, counted, chan, ended), done::done);
      }
      var changer = new WaitGroup();
      changer.go(
          () -> {
            while (!stop.get()) {
              for (Goroutine g : s.goroutines()) {
                g.setPriority(Priority.values()[ThreadLocalRandom.current().nextInt(3)]);
              }
              Go.sleep(Duration.ofNanos(200_000));
            }
          });
      done.await();
      stop.set(true);
      changer.await();
      assertEquals(GOROUTINES, ended.get());
      assertEquals(GOROUTINES * (STEPS / 4), counted[0]);
    }
  }

  private static GoOptions options(int i) {
    GoOptions options = GoOptions.priority(Priority.values()[i % 3]);
    return i % 5 == 0 ? options.withDeadline(Duration.ofMillis(i)) : options;
  }

  private static void steps(Mutex mutex, int[] counted, Chan<Integer> chan, AtomicInteger ended)
      throws InterruptedException {
    for (int k = 0; k < STEPS; k++) {
      switch (k % 4) {
        case 0 -> Go.gosched();
        case 1 -> {
          mutex.lock();
          counted[0]++;
          if (k % 8 == 1) {
            Go.gosched();
          }
          mutex.unlock();
        }
        case 2 -> {
          chan.send(k);
          Objects.requireNonNull(chan.recv());
        }
        default -> {
          if (k % 40 == 3) {
            Go.sleep(Duration.ofNanos(50_000));
          }
        }
      }
    }
    ended.incrementAndGet();
  }
}
