package dev.raddle.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The jcstress tests of this module: what holds shows no forbidden outcome, and each broken twin
 * shows one, so that the harness is known to see the fault. Some twins show it once in 100,000
 * times; those that did not are run again for longer.
 */
@Timeout(1800)
class OrderingTest {
  private static final int MILLIS = Integer.getInteger("raddle.proof.millis", 250);
  private static final int ROUNDS = 6;
  private static final long LIMIT_SECONDS = 600; // some 100 JVMs, one after another

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS) // of the long runs in docs/hacking.md
  void whatHoldsHoldsAndEachTwinFails() throws Exception {
    assumeTrue(
        Runtime.getRuntime().availableProcessors() > 1,
        "jcstress needs a CPU for each of two actors");
    long limit = LIMIT_SECONDS + MILLIS / 10;
    Jcstress.Report report = Jcstress.run("dev\\.raddle", MILLIS, limit);
    assertEquals(List.of(), report.named(".Holds", "OK", false), report::text);
    List<String> unseen = report.named(".Twin", "FAILED", false);
    assertFalse(report.named(".Holds", "OK", true).isEmpty(), report::text);
    assertEquals(
        report.named(".Holds", "OK", true).size(),
        report.named(".Twin", "FAILED", true).size() + unseen.size(),
        "each has a twin");
    for (int round = 1; round < ROUNDS && !unseen.isEmpty(); round++) {
      unseen = again(unseen, MILLIS << round, limit);
    }
    assertEquals(List.of(), unseen, "twins that never failed");
  }

  private static List<String> again(List<String> tests, int millis, long limit) throws Exception {
    String regex = "(" + String.join("|", tests).replace(".", "\\.") + ")$";
    return Jcstress.run(regex, millis, limit).named(".Twin", "FAILED", false);
  }
}
