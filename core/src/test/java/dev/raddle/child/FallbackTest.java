package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM without the flag: Raddle works on the JDK's scheduler, says so, and can refuse. */
@Timeout(60)
class FallbackTest {
  private static Child.Ended java(String... flags) throws IOException, InterruptedException {
    return Child.java(FallbackProgram.class, flags);
  }

  @Test
  void worksOnTheJdksSchedulerAndNamesTheFlag() throws Exception {
    Child.Ended r = java();
    assertEquals(0, r.status(), r::text);
    for (String line :
        List.of(
            "its own needs --add-opens java.base/java.lang=ALL-UNNAMED",
            "mode JDK",
            "sum 499500",
            "select timeout",
            "timers ran true false",
            "call inherited",
            "goroutine teller",
            "DeadlineExceededException: context deadline exceeded",
            "group broken",
            "gomaxprocs(2): expected Raddle's own scheduler, found the JDK's",
            "late dev.raddle.context.DeadlineExceededException",
            "left 0")) {
      assertTrue(r.text().contains(line), () -> line + " in\n" + r.text());
    }
    assertEquals(1, r.text().split("its own needs", -1).length - 1, "says so once");
  }

  @Test
  void theSwitchChoosesTheJdksSchedulerInSilence() throws Exception {
    Child.Ended r = java("-Draddle.scheduler=jdk", "--add-opens=java.base/java.lang=ALL-UNNAMED");
    assertEquals(0, r.status(), r::text);
    assertTrue(r.text().contains("mode JDK"), r::text);
    assertTrue(!r.text().contains("its own needs"), r::text);
  }

  @Test
  void refusesWhenToldTo() throws Exception {
    Child.Ended r = java("-Draddle.scheduler=own");
    assertEquals(1, r.status(), r::text);
    assertTrue(
        r.text()
            .contains(
                "-Draddle.scheduler=own, but java.lang is closed; start Java with --add-opens"),
        r::text);
  }

  @Test
  void anUnknownModeIsRefused() throws Exception {
    Child.Ended r = java("-Draddle.scheduler=fast");
    assertEquals(1, r.status(), r::text);
    assertTrue(r.text().contains("expected own, jdk or auto, found fast"), r::text);
  }
}
