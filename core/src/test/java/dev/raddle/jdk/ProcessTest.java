package dev.raddle.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

/** Child processes of goroutines. */
class ProcessTest {
  @OnEach
  void pipesAndExitStatus(On on) throws Exception {
    on.run(
        () ->
            On.all(
                8,
                i -> {
                  Process p = new ProcessBuilder("/bin/sh", "-c", "cat; exit " + i).start();
                  try (var in = p.outputWriter(UTF_8)) {
                    in.write("number " + i);
                  }
                  assertEquals("number " + i, new String(p.getInputStream().readAllBytes(), UTF_8));
                  assertTrue(p.waitFor(On.LIMIT_SECONDS, TimeUnit.SECONDS));
                  assertEquals(i, p.exitValue());
                  assertEquals(i, p.onExit().get(On.LIMIT_SECONDS, TimeUnit.SECONDS).exitValue());
                }));
  }

  @OnEach
  void oneThatDoesNotEndIsKilled(On on) throws Exception {
    on.run(
        () -> {
          Process p = new ProcessBuilder("/bin/cat").start(); // reads its input for ever
          assertFalse(p.waitFor(On.SHORT));
          p.destroyForcibly();
          assertTrue(p.waitFor(On.LIMIT));
        });
  }
}
