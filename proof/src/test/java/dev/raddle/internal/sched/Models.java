package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How much Lincheck explores; a factor makes all of it longer. */
public final class Models {
  /** How much longer than in a build. */
  public static final int FACTOR = Integer.getInteger("raddle.proof.factor", 1);

  private Models() {}

  /** Linearizable against itself run by one thread: in interleavings, then in parallel. */
  public static void holds(Class<?> operations) {
    model(2, 2 * FACTOR).check(operations);
    new StressOptions()
        .threads(2)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(2)
        .iterations(2 * FACTOR)
        .invocationsPerIteration(300)
        .check(operations);
  }

  /** Not linearizable, and some interleaving shows it; {@code before} calls are made first. */
  public static void isRejected(Class<?> twin, int before) {
    assertThrows(
        LincheckAssertionError.class,
        () -> model(before, 300).minimizeFailedScenario(false).check(twin));
  }

  private static ModelCheckingOptions model(int before, int iterations) {
    return new ModelCheckingOptions()
        .threads(2)
        .actorsBefore(before)
        .actorsPerThread(3)
        .actorsAfter(2)
        .iterations(iterations)
        .invocationsPerIteration(200);
  }
}
