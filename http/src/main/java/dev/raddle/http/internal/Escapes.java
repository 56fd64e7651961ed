package dev.raddle.http.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Percent-encoding and query strings, by the rules of Go's package {@code net/url}. */
public final class Escapes {
  private Escapes() {}

  /**
   * Decodes a path.
   *
   * @param escaped a path as it came
   * @return the path, bytes taken as UTF-8; null if an escape is malformed
   */
  public static @Nullable String path(String escaped) {
    return escaped.indexOf('%') < 0 ? escaped : decode(escaped, 0, escaped.length(), false);
  }

  /**
   * Decodes a path, but for escaped slashes, which do not separate elements.
   *
   * @param escaped a path whose escapes are well formed
   * @return the path as patterns see it
   */
  public static String elements(String escaped) {
    if (escaped.indexOf('%') < 0) {
      return escaped;
    }
    StringBuilder text = new StringBuilder(escaped.length());
    int from = 0;
    for (int i = escaped.indexOf('%'); i >= 0; i = escaped.indexOf('%', i + 1)) {
      if (escaped.regionMatches(true, i, "%2F", 0, 3)) {
        text.append(decode(escaped, from, i, false)).append("%2F");
        from = i + 3;
      }
    }
    return text.append(decode(escaped, from, escaped.length(), false)).toString();
  }

  /**
   * Returns the first value of a name in a query.
   *
   * @param query for example {@code a=1&b=2}
   * @param name which value
   * @return the value, or null if there is none
   */
  public static @Nullable String first(String query, String name) {
    return collect(query, name, null);
  }

  /**
   * Returns all values of a name in a query.
   *
   * @param query for example {@code a=1&a=2}
   * @param name which values
   * @return the values in order
   */
  public static List<String> all(String query, String name) {
    List<String> values = new ArrayList<>();
    collect(query, name, values);
    return values;
  }

  /** A setting that has a semicolon or a malformed escape is skipped, as Go's URL.Query does. */
  private static @Nullable String collect(
      String query, String name, @Nullable List<String> values) {
    int start = 0;
    while (start < query.length()) {
      int ampersand = query.indexOf('&', start);
      int end = ampersand < 0 ? query.length() : ampersand;
      int equals = query.indexOf('=', start, end);
      int keyEnd = equals < 0 ? end : equals;
      if (end > start && query.indexOf(';', start, end) < 0) {
        String value = value(query, start, keyEnd, end, name);
        if (value != null) {
          if (values == null) {
            return value;
          }
          values.add(value);
        }
      }
      start = end + 1;
    }
    return null;
  }

  private static @Nullable String value(String query, int start, int keyEnd, int end, String name) {
    boolean plain = !hasEscape(query, start, keyEnd);
    if (plain
        ? keyEnd - start != name.length() || !query.startsWith(name, start)
        : !name.equals(decode(query, start, keyEnd, true))) {
      return null;
    }
    int from = Math.min(keyEnd + 1, end);
    return hasEscape(query, from, end)
        ? decode(query, from, end, true)
        : query.substring(from, end);
  }

  private static boolean hasEscape(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '%' || c == '+') {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String decode(String text, int start, int end, boolean plusIsSpace) {
    byte[] in = text.substring(start, end).getBytes(StandardCharsets.UTF_8);
    int out = 0;
    for (int i = 0; i < in.length; i++) {
      byte b = in[i];
      if (b == '%') {
        if (i + 2 >= in.length) {
          return null;
        }
        int high = Character.digit(in[i + 1], 16);
        int low = Character.digit(in[i + 2], 16);
        if (high < 0 || low < 0) {
          return null;
        }
        b = (byte) (high << 4 | low);
        i += 2;
      } else if (b == '+' && plusIsSpace) {
        b = ' ';
      }
      in[out++] = b;
    }
    return new String(in, 0, out, StandardCharsets.UTF_8);
  }
}
