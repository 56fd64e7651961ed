package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In a new JVM, where nothing ran before: goroutines and threads of a factory that nobody can wake
 * are reclaimed and counted, by two collectors and whatever virtual threads the JDK tracks.
 */
@Timeout(300)
@DisabledIfSystemProperty(
    named = "raddle.scheduler",
    matches = "jdk",
    disabledReason = "the JDK's scheduler keeps goroutines that nobody can wake")
class ReclaimTest {
  @ParameterizedTest
  @CsvSource({"Serial, false", "Serial, true", "G1, false", "G1, true"})
  void whatNobodyCanWakeIsReclaimed(String collector, boolean tracked) throws Exception {
    List<String> flags = new ArrayList<>(Child.modeFlags());
    flags.add("-Xmx128m");
    flags.add("-XX:+Use" + collector + "GC");
    flags.add("-Djdk.trackAllThreads=" + tracked);
    Child.Ended r = Child.java(flags, ReclaimProgram.class.getName());
    assertEquals("reclaimed 400\n", r.text());
    assertEquals(0, r.status());
  }
}
