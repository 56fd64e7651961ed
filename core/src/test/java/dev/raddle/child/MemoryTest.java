package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An unbounded channel that ran out of memory is whole, and its lock is free. */
@Timeout(120)
class MemoryTest {
  @Test
  void anUnboundedChannelSurvivesTheEndOfMemory() throws Exception {
    List<String> flags = new ArrayList<>(Child.modeFlags());
    flags.addAll(List.of("-Xmx24m", "-XX:+UseSerialGC"));
    var r = Child.java(flags, MemoryProgram.class.getName());
    assertEquals("all received", r.text());
    assertEquals(0, r.status());
  }
}
