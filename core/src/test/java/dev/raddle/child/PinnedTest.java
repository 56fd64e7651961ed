package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** In a JVM of its own: nothing that counts CPUs was made before the first thread was pinned. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class PinnedTest {
  @Test
  void whatAPinnedGoroutineMakesKnowsOfAllCpus() throws Exception {
    var r =
        Child.java(
            PinnedProgram.class,
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED");
    assertEquals(
        """
        pinned ok
        common pool ok
        Ps of another ok
        threads of another ok
        after a close ok
        sysmon ok
        """,
        r.text());
  }
}
