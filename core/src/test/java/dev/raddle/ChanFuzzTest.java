package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.raddle.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random programs of channel operations against a model. A failure names its seed; {@code
 * -Draddle.fuzz.seed=N} runs that program alone, {@code -Draddle.fuzz.seconds=N} runs for longer.
 */
@Timeout(600)
class ChanFuzzTest {
  private static final @Nullable Long SEED = Long.getLong("raddle.fuzz.seed");
  private static final int SECONDS = Integer.getInteger("raddle.fuzz.seconds", 4);
  private static final boolean OWN = !"jdk".equals(System.getProperty("raddle.scheduler"));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What runs with one seed. */
  private interface Seeded {
    void run(long seed) throws Exception;
  }

  private static void fuzz(long nanos, Seeded one) throws Exception {
    long end = System.nanoTime() + nanos;
    for (long seed = SEED == null ? System.nanoTime() : SEED; ; seed++) {
      one.run(seed);
      if (SEED != null || System.nanoTime() - end > 0) {
        return;
      }
    }
  }

  /** A lone goroutine: each result is that of the model. */
  @Test
  void aLoneGoroutineSeesWhatTheModelSays() throws Exception {
    fuzz(1_000_000_000L, ChanFuzzTest::alone);
  }

  private static void alone(long seed) throws InterruptedException {
    var random = new Random(seed);
    ChanModel.Kind kind = ChanModel.Kind.any(random);
    int capacity = random.nextInt(4);
    Chan<Integer> c = kind.make(capacity, dropped -> {});
    ChanModel model = new ChanModel(kind, capacity);
    String what = "seed " + seed + ", " + kind + " " + capacity + ", step ";
    for (int step = 0; step < 60; step++) {
      String where = what + step;
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> assertEquals(model.trySend(step), trySend(c, step), where);
        case 3, 4 -> assertEquals(model.tryRecv(), c.tryRecv(), where);
        case 5 -> assertEquals(model.length(), c.len(), where);
        case 6 -> assertEquals(model.trySend(step), selectSend(c, step), where);
        case 7 -> assertEquals(model.tryRecv(), selectRecv(c), where);
        case 8 -> assertEquals(model.trySend(step), timedSend(c, step, random), where);
        case 9 -> assertEquals(model.tryRecv(), c.receive(nanos(random)), where);
        case 10 -> {
          Deque<Integer> expected = new ArrayDeque<>();
          Deque<Integer> found = new ArrayDeque<>();
          int max = random.nextInt(4);
          assertEquals(model.drainTo(expected, max), c.drainTo(found, max), where);
          assertEquals(expected.toString(), found.toString(), where);
        }
        default -> {
          if (random.nextInt(5) == 0 && !model.closed) {
            model.closed = true;
            c.close();
          }
        }
      }
    }
    while (model.length() > 0) {
      assertEquals(model.tryRecv(), c.tryRecv(), what + "end");
    }
    if (!model.closed) {
      assertNull(c.tryRecv(), what + "end");
    }
  }

  private static Duration nanos(Random random) {
    return Duration.ofNanos(random.nextInt(3));
  }

  private static @Nullable Boolean trySend(Chan<Integer> c, int element) {
    try {
      return c.trySend(element);
    } catch (ChannelClosedException closed) {
      return null;
    }
  }

  private static @Nullable Boolean timedSend(Chan<Integer> c, int element, Random random)
      throws InterruptedException {
    try {
      return c.send(element, nanos(random));
    } catch (ChannelClosedException closed) {
      return null;
    }
  }

  private static @Nullable Boolean selectSend(Chan<Integer> c, int element)
      throws InterruptedException {
    try {
      return Go.select(c.onSend(element, () -> true), Go.orElse(() -> false));
    } catch (ChannelClosedException closed) {
      return null;
    }
  }

  private static @Nullable Recv<Integer> selectRecv(Chan<Integer> c) throws InterruptedException {
    return Go.<@Nullable Recv<Integer>>select(c.onReceive(r -> r), Go.orElse(() -> null));
  }

  /** Many threads of all kinds; see {@link FuzzProgram} for what must hold. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void manyThreadsLoseNothingAndWaitOnlyIfTheyMust(int procs) throws Exception {
    programs(procs, false);
  }

  /** As above, so short that an order of the operations can be looked for. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void shortHistoriesAreLinearizable(int procs) throws Exception {
    programs(procs, true);
  }

  private static void programs(int procs, boolean small) throws Exception {
    onProcs(
        procs,
        sched ->
            fuzz(
                SECONDS * 500_000_000L,
                seed -> new FuzzProgram(seed, small, new FuzzOps()).run(sched, PATIENCE)));
  }

  /** What runs on a scheduler. */
  private interface On {
    void run(Scheduler sched) throws Exception;
  }

  private static void onProcs(int procs, On body) throws Exception {
    if (!OWN) {
      body.run(Scheduler.current());
      return;
    }
    try (var sched = Scheduler.builder().name("fuzz").processors(procs).build()) {
      body.run(sched);
    }
  }

  /** The programs notice a channel that is broken: each of the faults, within some programs. */
  @ParameterizedTest
  @EnumSource
  void aBrokenChannelIsNoticed(FuzzFault fault) throws Exception {
    onProcs(2, sched -> assertTrue(isNoticed(fault, sched), fault + " was never noticed"));
  }

  private static boolean isNoticed(FuzzFault fault, Scheduler sched) throws Exception {
    for (long seed = 0; seed < 100_000; seed++) {
      try {
        new FuzzProgram(seed, fault.small, fault.ops(seed))
            .run(sched, fault.stalls ? Duration.ofSeconds(1) : PATIENCE);
      } catch (AssertionError noticed) {
        return true;
      }
    }
    return false;
  }
}
