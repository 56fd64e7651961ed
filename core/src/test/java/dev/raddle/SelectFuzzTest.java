package dev.raddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Follows TestSelect of Go's reflect/all_test.go: random selects against a model, see {@link
 * SelectFuzz}. Seeds and seconds as in {@link ChanFuzzTest}.
 */
@Timeout(600)
class SelectFuzzTest {
  private static final @Nullable Long SEED = Long.getLong("raddle.fuzz.seed");
  private static final int SECONDS = Integer.getInteger("raddle.fuzz.seconds", 4);

  @Test
  void aSelectChoosesWhatTheModelSaysIsReady() throws Exception {
    long end = System.nanoTime() + SECONDS * 500_000_000L;
    for (long seed = SEED == null ? new Random().nextLong() : SEED; ; seed++) {
      new SelectFuzz(seed, new FuzzOps()).run();
      if (SEED != null || System.nanoTime() - end > 0) {
        return;
      }
    }
  }

  @Test
  void aSelectThatPerformsTwoCasesIsNoticed() throws Exception {
    assertTrue(isNoticed(FuzzFault.SELECT_PERFORMS_TWO));
  }

  @Test
  void aSelectThatTakesTheDefaultThoughACaseIsReadyIsNoticed() throws Exception {
    assertTrue(isNoticed(FuzzFault.SELECT_SKIPS));
  }

  private static boolean isNoticed(FuzzFault fault) throws Exception {
    for (long seed = 0; seed < 10_000; seed++) {
      try {
        new SelectFuzz(seed, fault.ops(seed)).run();
      } catch (AssertionError noticed) {
        return true;
      }
    }
    return false;
  }
}
