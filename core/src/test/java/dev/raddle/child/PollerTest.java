package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's socket pollers run on the default scheduler, and outlive it. */
@Timeout(60)
class PollerTest {
  @Test
  void socketsWorkAfterTheSchedulerThatUsedThemFirstHasClosed() throws Exception {
    var r = Child.java(PollerProgram.class, "--add-opens=java.base/java.lang=ALL-UNNAMED");
    assertEquals(0, r.status(), r::text);
    assertTrue(r.text().contains("poller isolated false"), r::text);
    assertFalse(r.text().contains("poller isolated true"), r::text);
    assertTrue(r.text().contains("talked\ntalked again"), r::text);
  }
}
