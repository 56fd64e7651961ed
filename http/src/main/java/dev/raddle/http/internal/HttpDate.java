package dev.raddle.http.internal;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Date header line, made once a second. */
public final class HttpDate {
  private static final String DAYS = "ThuFriSatSunMonTueWed"; // the epoch was a Thursday
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  private static final class Line {
    final long second;
    final byte[] bytes;

    Line(long second, byte[] bytes) {
      this.second = second;
      this.bytes = bytes;
    }
  }

  private static volatile Line last = line(0);

  private HttpDate() {}

  /**
   * Returns the line for the current second.
   *
   * @return {@code Date: Mon, 23 Nov 2026 09:41:25 GMT} and the line end; not to be changed
   */
  public static byte[] currentLine() {
    long second = Math.floorDiv(System.currentTimeMillis(), 1000);
    Line line = last;
    if (line.second != second) {
      line = line(second);
      last = line;
    }
    return line.bytes;
  }

  private static Line line(long second) {
    String text = "Date: " + format(second) + "\r\n";
    return new Line(second, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Formats a time as RFC 9110 wants it. Done by hand: java.time's formatter would be loaded for
   * nothing else before the first answer.
   *
   * @param epochSecond seconds since 1970; not negative
   * @return for example {@code Mon, 23 Nov 2026 09:41:25 GMT}
   */
  public static String format(long epochSecond) {
    long days = epochSecond / 86_400;
    int time = (int) (epochSecond % 86_400);
    // Days of the proleptic Gregorian calendar, in eras of 400 years that begin on 1 March.
    long shifted = days + 719_468;
    long era = shifted / 146_097;
    int dayOfEra = (int) (shifted % 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);

    StringBuilder text = new StringBuilder(29);
    int weekday = (int) (days % 7) * 3;
    text.append(DAYS, weekday, weekday + 3).append(", ");
    twoDigits(text, day).append(' ').append(MONTHS, month * 3 - 3, month * 3).append(' ');
    text.append(year).append(' ');
    twoDigits(text, time / 3600).append(':');
    twoDigits(text, time / 60 % 60).append(':');
    return twoDigits(text, time % 60).append(" GMT").toString();
  }

  /**
   * Reads a time in any of the forms that HTTP has had, as Go's {@code http.ParseTime}, and in that
   * of cookies.
   *
   * @param text for example {@code Mon, 23 Nov 2026 09:41:25 GMT}
   * @return the time; null if it is none
   */
  public static @Nullable Instant parse(String text) {
    for (DateTimeFormatter format : Formats.ALL) {
      try {
        return LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        // The next one.
      }
    }
    return null;
  }

  /** Loaded when the first date is read. */
  private static final class Formats {
    static final List<DateTimeFormatter> ALL =
        Stream.of(
                "EEE, dd MMM yyyy HH:mm:ss 'GMT'",
                "EEE, d MMM yyyy HH:mm:ss 'GMT'",
                "EEE, dd MMM yyyy HH:mm:ss 'UTC'",
                "EEE, dd-MMM-yyyy HH:mm:ss 'GMT'",
                "EEEE, dd-MMM-yy HH:mm:ss 'GMT'",
                "EEE MMM ppd HH:mm:ss yyyy")
            .map(pattern -> DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH))
            .toList();
  }

  private static StringBuilder twoDigits(StringBuilder text, int value) {
    return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}
