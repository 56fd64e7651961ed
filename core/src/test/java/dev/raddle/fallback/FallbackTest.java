package dev.raddle.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM without the flag: Raddle works on the JDK's scheduler, says so, and can refuse. */
@Timeout(60)
class FallbackTest {
  private record Ended(int status, String text) {}

  private static Ended java(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    String path = System.getProperty("surefire.test.class.path");
    command.addAll(
        List.of(
            "-cp",
            path == null ? System.getProperty("java.class.path") : path,
            FallbackProgram.class.getName()));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(p.waitFor(), text.replace(File.pathSeparator, ":"));
  }

  @Test
  void worksOnTheJdksSchedulerAndNamesTheFlag() throws Exception {
    Ended r = java();
    assertEquals(0, r.status(), r::text);
    for (String line :
        List.of(
            "its own needs --add-opens java.base/java.lang=ALL-UNNAMED",
            "mode JDK",
            "sum 499500",
            "select timeout",
            "goroutine teller",
            "DeadlineExceededException: context deadline exceeded",
            "group broken",
            "gomaxprocs(2): expected Raddle's own scheduler, found the JDK's",
            "left 0")) {
      assertTrue(r.text().contains(line), () -> line + " in\n" + r.text());
    }
    assertEquals(1, r.text().split("its own needs", -1).length - 1, "says so once");
  }

  @Test
  void theSwitchChoosesTheJdksSchedulerInSilence() throws Exception {
    Ended r = java("-Draddle.scheduler=jdk", "--add-opens=java.base/java.lang=ALL-UNNAMED");
    assertEquals(0, r.status(), r::text);
    assertTrue(r.text().contains("mode JDK"), r::text);
    assertTrue(!r.text().contains("its own needs"), r::text);
  }

  @Test
  void refusesWhenToldTo() throws Exception {
    Ended r = java("-Draddle.scheduler=own");
    assertEquals(1, r.status(), r::text);
    assertTrue(
        r.text()
            .contains(
                "-Draddle.scheduler=own, but java.lang is closed; start Java with --add-opens"),
        r::text);
  }

  @Test
  void anUnknownModeIsRefused() throws Exception {
    Ended r = java("-Draddle.scheduler=fast");
    assertEquals(1, r.status(), r::text);
    assertTrue(r.text().contains("expected own, jdk or auto, found fast"), r::text);
  }
}
