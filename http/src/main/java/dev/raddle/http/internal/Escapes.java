package dev.raddle.http.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
   * Decodes a name or a value of a query.
   *
   * @param text as it came
   * @return decoded, a plus sign as a space; null if an escape is malformed
   */
  public static @Nullable String query(String text) {
    return hasEscape(text, 0, text.length()) ? decode(text, 0, text.length(), true) : text;
  }

  /**
   * Encodes a name or a value of a query, as Go's {@code url.QueryEscape}.
   *
   * @param text any text
   * @return letters, digits and {@code -_.~} as they are, a space as a plus sign
   */
  public static String encodeQuery(String text) {
    return encode(text, "-_.~", true);
  }

  /**
   * Encodes a path, as Go's {@code url.URL.EscapedPath}.
   *
   * @param path with slashes between its elements
   * @return what may stand in a URL
   */
  public static String encodePath(String path) {
    return encode(path, "-_.~/$&+,:;=@", false);
  }

  private static String encode(String text, String unreserved, boolean plusIsSpace) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || (c < 128 && unreserved.indexOf(c) >= 0)) {
        out.append(c);
      } else if (c == ' ' && plusIsSpace) {
        out.append('+');
      } else {
        out.append('%').append(hex(c >> 4)).append(hex(c & 15));
      }
    }
    return out.toString();
  }

  private static char hex(int digit) {
    return "0123456789ABCDEF".charAt(digit);
  }

  /**
   * Decodes percent-encoding.
   *
   * @param text ASCII
   * @return the bytes
   * @throws IllegalArgumentException if an escape is malformed
   */
  public static byte[] bytes(String text) {
    byte[] decoded = decodeBytes(text, false);
    if (decoded == null) {
      throw new IllegalArgumentException("invalid escape in \"" + text + "\"");
    }
    return decoded;
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
    byte[] bytes = decodeBytes(text.substring(start, end), plusIsSpace);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] decodeBytes(String text, boolean plusIsSpace) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
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
    return out == in.length ? in : Arrays.copyOf(in, out);
  }
}
