package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random programs of channel operations against a model. A failure names its seed; {@code
 * -Draddle.fuzz.seed=N} runs that program alone, {@code -Draddle.fuzz.seconds=N} runs for longer.
 */
@Timeout(600)
class ChanFuzzTest {
  private static final @Nullable Long SEED = Long.getLong("raddle.fuzz.seed");
  private static final int SECONDS = Integer.getInteger("raddle.fuzz.seconds", 4);

  /** What a channel is, for the model: a queue, and what happens to a send when it is full. */
  private enum Kind {
    PLAIN,
    UNBOUNDED,
    LATEST,
    DROP_OLDEST,
    DROP_NEWEST;

    Chan<Integer> make(int capacity) {
      return switch (this) {
        case PLAIN -> Chan.make(capacity);
        case UNBOUNDED -> Chan.unbounded();
        case LATEST -> Chan.latest();
        case DROP_OLDEST -> Chan.dropOldest(Math.max(1, capacity));
        case DROP_NEWEST -> Chan.dropNewest(Math.max(1, capacity));
      };
    }
  }

  /** One channel without waiters: what a lone goroutine sees of it. */
  private static final class Model {
    private final Kind kind;
    private final int capacity;
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();
    private boolean closed;

    Model(Kind kind, int capacity) {
      this.kind = kind;
      this.capacity =
          switch (kind) {
            case PLAIN -> capacity;
            case UNBOUNDED -> Integer.MAX_VALUE;
            case LATEST -> 1;
            case DROP_OLDEST, DROP_NEWEST -> Math.max(1, capacity);
          };
    }

    /** Null: on a closed channel. */
    @Nullable Boolean trySend(int element) {
      if (closed) {
        return null;
      }
      if (queue.size() < capacity) {
        queue.add(element);
        return true;
      }
      if (kind == Kind.LATEST || kind == Kind.DROP_OLDEST) {
        queue.poll();
        queue.add(element);
      }
      return kind != Kind.PLAIN;
    }

    @Nullable Recv<Integer> tryRecv() {
      Integer first = queue.poll();
      if (first != null) {
        return new Recv<>(first, true);
      }
      return closed ? new Recv<>(null, false) : null;
    }
  }

  /** A lone goroutine: each result is that of the model. */
  @Test
  void aLoneGoroutineSeesWhatTheModelSays() throws Exception {
    long end = System.nanoTime() + 1_000_000_000L;
    for (long seed = SEED == null ? System.nanoTime() : SEED; ; seed++) {
      alone(seed);
      if (SEED != null || System.nanoTime() - end > 0) {
        return;
      }
    }
  }

  private static void alone(long seed) throws InterruptedException {
    var random = new Random(seed);
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    int capacity = random.nextInt(4);
    Chan<Integer> c = kind.make(capacity);
    Model model = new Model(kind, capacity);
    String what = "seed " + seed + ", " + kind + " " + capacity + ", step ";
    for (int step = 0; step < 60; step++) {
      String where = what + step;
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> assertEquals(model.trySend(step), trySend(c, step), where);
        case 3, 4 -> assertEquals(model.tryRecv(), c.tryRecv(), where);
        case 5 -> assertEquals(model.queue.size(), c.len(), where);
        case 6 -> assertEquals(model.trySend(step), selectSend(c, step), where);
        case 7 -> assertEquals(model.tryRecv(), selectRecv(c), where);
        default -> {
          if (random.nextInt(5) == 0 && !model.closed) {
            model.closed = true;
            c.close();
          }
        }
      }
    }
    while (!model.queue.isEmpty()) {
      assertEquals(model.tryRecv(), c.tryRecv(), what + "end");
    }
    if (!model.closed) {
      assertNull(c.tryRecv(), what + "end");
    }
  }

  private static @Nullable Boolean trySend(Chan<Integer> c, int element) {
    try {
      return c.trySend(element);
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

  /** Many goroutines; see {@link FuzzProgram} for what must hold. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void manyGoroutinesLoseNothingAndWaitOnlyIfTheyMust(int procs) throws Exception {
    long end = System.nanoTime() + SECONDS * 1_000_000_000L;
    int programs = 0;
    for (long seed = SEED == null ? System.nanoTime() : SEED; ; seed++) {
      try (var program = new FuzzProgram(seed, procs)) {
        program.run();
      }
      programs++;
      if (SEED != null || System.nanoTime() - end > 0) {
        break;
      }
    }
    assertTrue(programs > 0);
  }
}
