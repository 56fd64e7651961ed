package dev.raddle.child;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Creation sites are recorded when asked for. */
@Timeout(60)
class SiteTest {
  @Test
  void theSiteIsTheProgramsOwnLine() throws Exception {
    var r =
        Child.java(
            SiteProgram.class,
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Draddle.creationSites=true");
    assertTrue(
        r.text().matches("(?s).*made at .*SiteProgram\\.main\\(SiteProgram.java:19\\).*"), r::text);
  }
}
