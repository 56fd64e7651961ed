package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.Chan;
import dev.raddle.runtime.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lost wake-up stops a pair for ever, and so fails the deadline. */
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's Ps")
class SchedulerStressTest {
  private static final int PAIRS = 16;
  private static final int ROUNDS = 20_000; // two parks and two readies each
  private static final long LIMIT_SECONDS = 60;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void noWakeUpIsLostWhilePsComeAndGo(int processors) throws Exception {
    var done = new CountDownLatch(PAIRS + 1);
    var rounds = new AtomicLong();
    var stop = new AtomicBoolean();
    String name = "stress" + processors;
    try (var sched = Scheduler.builder().name(name).processors(processors).build()) {
      for (int i = 0; i < PAIRS; i++) {
        Chan<Integer> ping = Chan.make();
        Chan<Integer> pong = Chan.make();
        sched.go(
            () -> {
              for (int n : ping) {
                pong.send(n);
              }
            });
        sched.go(
            () -> {
              for (int r = 0; r < ROUNDS; r++) {
                ping.send(r);
                assertEquals(r, pong.recv());
                rounds.incrementAndGet();
              }
              ping.close();
              done.countDown();
            });
      }
      Chan<Integer> fromOutside = Chan.make();
      sched.go(
          () -> {
            int expected = 0;
            for (int n : fromOutside) {
              assertEquals(expected++, n);
            }
            done.countDown();
          });
      var resizer = Thread.ofPlatform().start(() -> resize(sched, stop));
      for (int i = 0; i < ROUNDS; i++) {
        fromOutside.send(i); // a platform thread as the other half of a pair
      }
      fromOutside.close();
      boolean ended = done.await(LIMIT_SECONDS, TimeUnit.SECONDS);
      stop.set(true);
      resizer.join();
      assertTrue(ended, () -> "stuck after " + rounds + " rounds\n" + Dump.of(Sysmon.watched()));
    }
    assertEquals(List.of(), threadsOf(name));
  }

  private static void resize(Scheduler sched, AtomicBoolean stop) {
    var random = new Random(1);
    while (!stop.get()) {
      sched.gomaxprocs(1 + random.nextInt(8));
      Thread.yield();
    }
  }

  private static List<String> threadsOf(String name) {
    List<String> names = new ArrayList<>();
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.getName().startsWith("raddle-" + name + "-")) {
        names.add(t.getName());
      }
    }
    return names;
  }
}
