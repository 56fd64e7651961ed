package dev.raddle.http;

import java.time.Instant;
import java.time.ZoneOffset;

/** What may stand in a cookie, and what is left out of it: RFC 6265, as Go reads it. */
final class CookieText {
  private CookieText() {}

  static String name(String name) {
    return name.replace('\n', '-').replace('\r', '-');
  }

  static boolean isValueChar(char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != ';' && c != '\\';
  }

  static String value(String value, boolean quoted) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      if (isValueChar(value.charAt(i))) {
        text.append(value.charAt(i));
      }
    }
    if (text.isEmpty()) {
      return quoted ? "\"\"" : "";
    }
    boolean needsQuotes = text.indexOf(" ") >= 0 || text.indexOf(",") >= 0;
    return quoted || needsQuotes ? "\"" + text + "\"" : text.toString();
  }

  static String path(String path) {
    StringBuilder text = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= 0x20 && c < 0x7f && c != ';') {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** Years before 1601 are not understood by all. */
  static boolean isExpiry(Instant time) {
    return time.atOffset(ZoneOffset.UTC).getYear() >= 1601;
  }

  /** A host name, perhaps with a dot in front, or an IPv4 address. */
  static boolean isDomain(String domain) {
    String d = domain.startsWith(".") ? domain.substring(1) : domain;
    if (d.isEmpty() || d.length() > 255) {
      return false;
    }
    boolean letter = false;
    for (String label : d.split("\\.", -1)) {
      if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
        return false;
      }
      for (int i = 0; i < label.length(); i++) {
        char c = label.charAt(i);
        boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        letter |= isLetter;
        if (!isLetter && (c < '0' || c > '9') && c != '-') {
          return false;
        }
      }
    }
    return letter || isIpv4(d);
  }

  private static boolean isIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    for (String part : parts) {
      if (part.length() > 3 || !part.chars().allMatch(Character::isDigit)) {
        return false;
      }
      if (Integer.parseInt(part) > 255 || (part.length() > 1 && part.startsWith("0"))) {
        return false;
      }
    }
    return parts.length == 4;
  }
}
