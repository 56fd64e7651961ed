package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a goroutine runs through after its park is compiled before the first of many gets there. A
 * branch that the JIT has never seen taken is then a trap, and each parked frame falls into it.
 */
@Timeout(120)
class TrapTest {
  @Test
  void theEndOfManyWhileSomebodyWaitsIsNoTrap() throws Exception {
    List<String> flags = new ArrayList<>(Child.modeFlags());
    flags.add("-Xlog:deoptimization=debug");
    Child.Ended r = Child.java(flags, TrapProgram.class.getName());
    assertEquals(0, r.status(), r::text);
    assertTrue(r.text().lines().anyMatch("ended"::equals), r::text);
    long traps = r.text().lines().filter(l -> l.contains("WaitGroup.")).count();
    assertTrue(traps < 1_000, () -> traps + " of 20000 fell into a trap");
  }
}
