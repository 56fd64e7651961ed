package dev.raddle.http.internal;

import org.jspecify.annotations.Nullable;

/**
 * A request target or a URL, taken apart: RFC 9112, section 3.2.
 *
 * @param scheme in lower case; empty if the target has none
 * @param userInfo what is in front of an {@code @}, not decoded; or empty
 * @param host the authority, if the target has one; else empty
 * @param escapedPath the path as it came; {@code *} for the server as a whole
 * @param path the path, decoded
 * @param rawQuery what follows the question mark, not decoded
 */
public record Target(
    String scheme, String userInfo, String host, String escapedPath, String path, String rawQuery) {
  /** Nothing at all. */
  public static final Target NONE = new Target("", "", "", "", "", "");

  /**
   * Takes a target apart.
   *
   * @param method the request's method; CONNECT has targets of its own
   * @param target as it came
   * @return the parts
   * @throws BadRequest if it is none of the four forms, or an escape is malformed
   */
  public static Target parse(String method, String target) throws BadRequest {
    if (target.startsWith("/")) {
      return split("", "", "", target);
    }
    if (target.equals("*")) {
      return new Target("", "", "", "*", "*", "");
    }
    int scheme = target.indexOf("://");
    if (scheme > 0 && isScheme(target, scheme)) {
      int from = scheme + 3;
      int end = from;
      while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
        end++;
      }
      String authority = target.substring(from, end);
      int at = authority.lastIndexOf('@');
      return split(
          lowerCase(target.substring(0, scheme)),
          at < 0 ? "" : authority.substring(0, at),
          authority.substring(at + 1),
          target.substring(end));
    }
    if (method.equals("CONNECT")) {
      return new Target("", "", target, "", "", "");
    }
    throw new BadRequest(400, "");
  }

  /**
   * Cuts off what a client keeps to itself.
   *
   * @param url perhaps with a {@code #}
   * @return what is in front of it
   */
  public static String withoutFragment(String url) {
    int hash = url.indexOf('#');
    return hash < 0 ? url : url.substring(0, hash);
  }

  private static Target split(String scheme, String userInfo, String host, String pathAndQuery)
      throws BadRequest {
    int mark = pathAndQuery.indexOf('?');
    String escaped = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    @Nullable String path = Escapes.path(escaped);
    if (path == null) {
      throw new BadRequest(400, "");
    }
    String query = mark < 0 ? "" : pathAndQuery.substring(mark + 1);
    return new Target(scheme, userInfo, host, escaped, path, query);
  }

  private static String lowerCase(String ascii) {
    StringBuilder text = new StringBuilder(ascii);
    for (int i = 0; i < text.length(); i++) {
      text.setCharAt(i, Character.toLowerCase(text.charAt(i)));
    }
    return text.toString();
  }

  private static boolean isScheme(String target, int end) {
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return true;
  }
}
