package dev.raddle.internal.sched;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;

/** Every interleaving, up to a bound, of two producers and an M that goes idle. */
class WakesModelTest {
  /** More in the long run: see docs/hacking.md. */
  private static final int INVOCATIONS = Integer.getInteger("raddle.proof.invocations", 2_000);

  private static final int UNTIL_FOUND = 200_000;

  private static void explore(int invocations, Supplier<Wakes> make) {
    Lincheck.runConcurrentTest(
        invocations,
        () -> {
          Wakes w = make.get();
          Thread a = new Thread(w::produce);
          Thread b = new Thread(w::produce);
          a.start();
          b.start();
          w.goIdle();
          join(a);
          join(b);
          if (w.lost()) {
            throw new AssertionError("a task is queued, nobody runs or searches");
          }
        });
  }

  /** A searcher finds one task and runs it for ever, while another one comes. */
  private static void exploreHog(int invocations, Supplier<Wakes> make) {
    Lincheck.runConcurrentTest(
        invocations,
        () -> {
          Wakes w = make.get();
          w.queue.set(1);
          w.searchers.set(1);
          Thread a = new Thread(w::produce);
          a.start();
          w.hog();
          join(a);
          if (w.lost()) {
            throw new AssertionError("a task waits for a hog, beside an idle P");
          }
        });
  }

  private static void join(Thread t) {
    try {
      t.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noWakeUpIsLost() {
    explore(INVOCATIONS, () -> new Wakes(1, 0));
  }

  @Test
  void aWakerThatFailsMustLookAgain() {
    assertThrows(
        LincheckAssertionError.class,
        () -> explore(UNTIL_FOUND, () -> new Wakes.FailedWakeForgets(1, 0)));
  }

  @Test
  void theLastLookComesAfterTheCount() {
    assertThrows(
        LincheckAssertionError.class,
        () -> explore(UNTIL_FOUND, () -> new Wakes.LookBeforeLeaving(1, 0)));
  }

  @Test
  void thereIsALastLook() {
    assertThrows(
        LincheckAssertionError.class, () -> explore(UNTIL_FOUND, () -> new Wakes.NoLastLook(1, 0)));
  }

  @Test
  void aSearcherThatFindsWorkLeavesNoneBehind() {
    exploreHog(INVOCATIONS, () -> new Wakes(2, 1));
    assertThrows(
        LincheckAssertionError.class,
        () -> exploreHog(UNTIL_FOUND, () -> new Wakes.LookBeforeWaking(2, 1)));
  }
}
