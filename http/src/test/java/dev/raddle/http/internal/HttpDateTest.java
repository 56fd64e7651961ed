package dev.raddle.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Follows Go's http.TimeFormat; java.time is the oracle. */
class HttpDateTest {
  private static final DateTimeFormatter ORACLE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  @Test
  void agreesWithJavaTimeOnEveryDayUntil2400() {
    long end = Instant.parse("2400-12-31T00:00:00Z").getEpochSecond();
    Random random = new Random(1);
    for (long day = 0; day < end; day += 86_400) {
      long second = day + random.nextInt(86_400);
      assertEquals(ORACLE.format(Instant.ofEpochSecond(second)), HttpDate.format(second));
    }
  }

  @Test
  void currentLineIsNow() {
    long before = Instant.now().getEpochSecond();
    String line = new String(HttpDate.currentLine(), StandardCharsets.US_ASCII);
    long after = Instant.now().getEpochSecond();
    boolean found = false;
    for (long second = before; second <= after; second++) {
      found |= line.equals("Date: " + HttpDate.format(second) + "\r\n");
    }
    assertTrue(found, line);
  }
}
