package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything at once, at random, round after round; each round is a scheduler of its own and one
 * seed. {@code -Draddle.stress.seconds=3600} makes it long; {@code -Draddle.stress.seed} begins
 * with the round of a seed that a failure has printed. The threads' own timing stays what it is, so
 * a seed repeats what was started, not what happened.
 */
class StressMixTest {
  private static final long SECONDS = Long.getLong("raddle.stress.seconds", 60);

  private static final List<Consumer<StressRound>> ALL =
      Stream.concat(StressScenarios.ALL.stream(), StressLoads.ALL.stream()).toList();

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS) // of the long runs in docs/hacking.md
  void nothingIsLostAndNothingStalls() throws Exception {
    long first = Long.getLong("raddle.stress.seed", System.nanoTime());
    var seeds = new Random(first);
    long start = System.nanoTime();
    long seed = first;
    int rounds = 0;
    for (; (System.nanoTime() - start) / 1_000_000_000 < SECONDS; seed = seeds.nextLong()) {
      var round = new StressRound(seed);
      boolean hog = round.random.nextInt(8) == 0;
      List<Consumer<StressRound>> of = hog ? StressHogs.ALL : ALL;
      for (int i = hog ? 1 : round.upTo(40); i > 0; i--) {
        of.get(round.random.nextInt(of.size())).accept(round);
      }
      round.end();
      rounds++;
    }
    System.out.println("stress mix: " + rounds + " rounds in " + SECONDS + " s");
    assertTrue(rounds > 0);
  }
}
