package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only Linux has is refused in so many words elsewhere; the rest works. */
@Timeout(120)
class ElsewhereTest {
  @Test
  void pinningIsUnsupportedAndSaidSoEachTime() throws Exception {
    var r =
        Child.java(
            ElsewhereProgram.class,
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dos.name=Mac OS X");
    String each =
        ": unsupported, CPU affinity: expected Linux with sched_setaffinity, and native access"
            + " allowed; found Mac OS X\n";
    String all =
        "places"
            + each
            + "pinToCpus"
            + each
            + "onePerCore"
            + each
            + "onePerCache"
            + each
            + "Topology"
            + each
            + "Cpu.current"
            + each
            + "Cpu.available"
            + each;
    assertEquals(all + all + "ran 7\n", r.text());
    assertEquals(0, r.status());
  }
}
