package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.Chan;
import dev.raddle.runtime.Goroutine;
import dev.raddle.runtime.Scheduler;
import dev.raddle.sync.WaitGroup;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * Makes virtual threads until the JIT has compiled how. Once it moved the load of a thread's
 * continuation after the store that replaces it, and a goroutine then resumed itself for ever.
 */
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the own scheduler's threads")
class ThreadCreationStressTest {
  @Test
  @Timeout(120)
  void everyThreadKeepsItsContinuationAndItsGoroutine() throws Exception {
    var right = new AtomicInteger();
    int rounds = 60;
    int each = 5_000;
    try (var s = Scheduler.builder().name("create").processors(2).build()) {
      for (int r = 0; r < rounds; r++) {
        Chan<Integer> gate = Chan.make();
        var wg = new WaitGroup();
        for (int i = 0; i < each; i++) {
          wg.go(
              s,
              () -> {
                Goroutine before = Goroutine.current();
                gate.recv(); // parks, so each needs a thread of its own
                if (before != null && before.equals(Goroutine.current())) {
                  right.incrementAndGet();
                }
              });
        }
        gate.close();
        wg.await();
      }
    }
    assertEquals(rounds * each, right.get());
  }
}
