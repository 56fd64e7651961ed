package dev.raddle.http;

/** Entity tags: RFC 9110, section 8.8.3. */
final class ETags {
  private ETags() {}

  /** The tag that a text starts with, {@code W/} and quotation marks included; or nothing. */
  static String scan(String text) {
    String s = text.stripLeading();
    int start = s.startsWith("W/") ? 2 : 0;
    if (s.length() - start < 2 || s.charAt(start) != '"') {
      return "";
    }
    for (int i = start + 1; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"') {
        return s.substring(0, i + 1);
      }
      if (c <= 0x20 || c == 0x7f) {
        return "";
      }
    }
    return "";
  }

  static boolean strongMatch(String a, String b) {
    return a.equals(b) && a.startsWith("\"");
  }

  static boolean weakMatch(String a, String b) {
    return opaque(a).equals(opaque(b));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}
