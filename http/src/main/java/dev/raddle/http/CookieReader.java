package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.HttpDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads Cookie and Set-Cookie headers, and passes over what is malformed, as Go does. */
final class CookieReader {
  private static final int MAX_COOKIES = 3000; // Go's limit for a header

  private CookieReader() {}

  /** Those of a name, or all if that is null. */
  static List<Cookie> readCookies(List<String> lines, @Nullable String name) {
    List<Cookie> cookies = new ArrayList<>();
    for (String line : lines) {
      if (line.chars().filter(c -> c == ';').count() >= MAX_COOKIES) {
        return new ArrayList<>();
      }
      for (String part : line.split(";", -1)) {
        String pair = part.strip();
        int equals = pair.indexOf('=');
        String key = (equals < 0 ? pair : pair.substring(0, equals)).strip();
        if (!HeaderText.isValidName(key) || (name != null && !name.equals(key))) {
          continue;
        }
        Cookie cookie = value(key, equals < 0 ? "" : pair.substring(equals + 1));
        if (cookie != null) {
          cookies.add(cookie);
        }
      }
    }
    return cookies;
  }

  static List<Cookie> readSetCookies(List<String> lines) {
    List<Cookie> cookies = new ArrayList<>();
    for (String line : lines) {
      Cookie cookie = readSetCookie(line);
      if (cookie != null) {
        cookies.add(cookie);
      }
    }
    return cookies;
  }

  static @Nullable Cookie readSetCookie(String line) {
    String[] parts = line.strip().split(";", -1);
    String pair = parts[0].strip();
    int equals = pair.indexOf('=');
    if (equals < 0) {
      return null;
    }
    String name = pair.substring(0, equals).strip();
    Cookie cookie = HeaderText.isValidName(name) ? value(name, pair.substring(equals + 1)) : null;
    for (int i = 1; i < parts.length && cookie != null; i++) {
      cookie = attribute(cookie, parts[i].strip());
    }
    return cookie;
  }

  private static Cookie attribute(Cookie cookie, String attribute) {
    int equals = attribute.indexOf('=');
    String key = (equals < 0 ? attribute : attribute.substring(0, equals)).toLowerCase(Locale.ROOT);
    String value = equals < 0 ? "" : attribute.substring(equals + 1);
    return switch (key) {
      case "path" -> cookie.withPath(value);
      case "domain" -> cookie.withDomain(value);
      case "secure" -> cookie.withSecure();
      case "httponly" -> cookie.withHttpOnly();
      case "partitioned" -> cookie.withPartitioned();
      case "samesite" ->
          switch (value.toLowerCase(Locale.ROOT)) {
            case "lax" -> cookie.withSameSite(Cookie.SameSite.LAX);
            case "strict" -> cookie.withSameSite(Cookie.SameSite.STRICT);
            case "none" -> cookie.withSameSite(Cookie.SameSite.NONE);
            default -> cookie;
          };
      case "max-age" -> maxAge(cookie, value);
      case "expires" -> {
        var time = HttpDate.parse(value);
        yield time == null ? cookie : cookie.withExpires(time);
      }
      default -> cookie;
    };
  }

  private static Cookie maxAge(Cookie cookie, String value) {
    if (!value.matches("-?[1-9][0-9]{0,9}|0")) {
      return cookie;
    }
    long seconds = Long.parseLong(value);
    return cookie.withMaxAge((int) Math.max(-1, Math.min(seconds, Integer.MAX_VALUE)));
  }

  /** Null if the value has something that is not allowed. */
  private static @Nullable Cookie value(String name, String raw) {
    String value = raw;
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    if (quoted) {
      value = value.substring(1, value.length() - 1);
    }
    for (int i = 0; i < value.length(); i++) {
      if (!CookieText.isValueChar(value.charAt(i))) {
        return null;
      }
    }
    Cookie cookie = Cookie.of(name, value);
    return quoted ? cookie.withQuotes() : cookie;
  }
}
