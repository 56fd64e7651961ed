package dev.raddle.internal.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The replacement of a final field in {@link VirtualThreads}: the JIT must not move a load of the
 * field over the store. No second thread takes part, so this is no jcstress test. With the serial
 * collector, whose barriers have no branches, C2 moves the load nearly every time.
 */
@Timeout(120)
class FinalFieldTest {
  @Test
  void whatIsReadIsWhatWasPutThere() throws Exception {
    assertEquals(0, wrong("real"));
  }

  @Test
  void constantHandlesLoadAfterTheStore() throws Exception {
    assertTrue(wrong("twin") > 0, "the JIT no longer moves the load");
  }

  private static long wrong(String which) throws Exception {
    String path = System.getProperty("surefire.test.class.path");
    Process p =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-cp",
                    path == null ? System.getProperty("java.class.path") : path,
                    FinalFieldProgram.class.getName(),
                    which))
            .redirectErrorStream(true)
            .start();
    String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), text);
    return Long.parseLong(text.strip());
  }
}
