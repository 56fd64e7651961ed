package dev.raddle.http.internal;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Names and values of header lines: canonical form, tokens, and what may be sent. */
public final class HeaderText {
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '!'; c < 127; c++) {
      TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }
  }

  private HeaderText() {}

  /**
   * Returns the canonical form of a header name, as Go's {@code http.CanonicalHeaderKey}: the first
   * letter and those after a hyphen in upper case, the others in lower case. A name that is no
   * token stays as it is.
   *
   * @param name a header name
   * @return the same object if it is canonical already
   */
  public static String canonicalName(String name) {
    boolean upper = true;
    boolean canonical = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || !TOKEN[c]) {
        return name;
      }
      canonical &= upper ? c < 'a' || c > 'z' : c < 'A' || c > 'Z';
      upper = c == '-';
    }
    return canonical ? name : recase(name);
  }

  private static String recase(String name) {
    char[] chars = name.toCharArray();
    boolean upper = true;
    for (int i = 0; i < chars.length; i++) {
      char c = chars[i];
      if (upper && c >= 'a' && c <= 'z') {
        chars[i] = (char) (c - 32);
      } else if (!upper && c >= 'A' && c <= 'Z') {
        chars[i] = (char) (c + 32);
      }
      upper = c == '-';
    }
    return new String(chars);
  }

  /**
   * Says whether a name may be sent: whether it is a token of RFC 9110.
   *
   * @param name a header name
   * @return false for anything that could be taken for something else
   */
  public static boolean isValidName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || !TOKEN[c]) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /**
   * Makes a value fit to be sent, as Go does: line ends become spaces, white space around it goes.
   *
   * @param value a header value
   * @return the same object if nothing had to change
   */
  public static String sendable(String value) {
    String v = value;
    if (v.indexOf('\r') >= 0 || v.indexOf('\n') >= 0) {
      v = v.replace('\r', ' ').replace('\n', ' ');
    }
    int from = 0;
    int to = v.length();
    while (from < to && isBlank(v.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(v.charAt(to - 1))) {
      to--;
    }
    return v.substring(from, to);
  }

  /**
   * Says whether a comma-separated list has a token, in any case.
   *
   * @param list a header value such as {@code keep-alive, Upgrade}
   * @param token what to look for
   * @return true if it is one of the elements
   */
  public static boolean hasToken(String list, String token) {
    int from = 0;
    while (from <= list.length()) {
      int comma = list.indexOf(',', from);
      int end = comma < 0 ? list.length() : comma;
      int to = end;
      while (from < to && isBlank(list.charAt(from))) {
        from++;
      }
      while (to > from && isBlank(list.charAt(to - 1))) {
        to--;
      }
      if (to - from == token.length() && list.regionMatches(true, from, token, 0, to - from)) {
        return true;
      }
      from = end + 1;
    }
    return false;
  }

  /**
   * Turns the bytes of a value, each given as one char, into text: UTF-8 if they are that (Go hands
   * out the bytes), else ISO-8859-1.
   *
   * @param value one char a byte; null stands for an empty value
   * @return the text
   */
  public static String decode(@Nullable String value) {
    if (value == null) {
      return "";
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 128) {
        String utf8 =
            new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return utf8.indexOf('\uFFFD') >= 0 ? value : utf8;
      }
    }
    return value;
  }

  /**
   * The way back: the UTF-8 of a text, one char a byte.
   *
   * @param text any text
   * @return the same object if it is ASCII
   */
  public static String encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
