package dev.raddle.http.internal;

import org.jspecify.annotations.Nullable;

/**
 * A request target, taken apart: RFC 9112, section 3.2.
 *
 * @param host the authority, if the target has one; else empty
 * @param escapedPath the path as it came; {@code *} for the server as a whole
 * @param path the path, decoded
 * @param rawQuery what follows the question mark, not decoded
 */
public record Target(String host, String escapedPath, String path, String rawQuery) {
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
      return split("", target);
    }
    if (target.equals("*")) {
      return new Target("", "*", "*", "");
    }
    int scheme = target.indexOf("://");
    if (scheme > 0 && isScheme(target, scheme)) {
      int from = scheme + 3;
      int end = from;
      while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
        end++;
      }
      String authority = target.substring(from, end);
      return split(authority.substring(authority.lastIndexOf('@') + 1), target.substring(end));
    }
    if (method.equals("CONNECT")) {
      return new Target(target, "", "", "");
    }
    throw new BadRequest(400, "");
  }

  private static Target split(String host, String pathAndQuery) throws BadRequest {
    int mark = pathAndQuery.indexOf('?');
    String escaped = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    @Nullable String path = Escapes.path(escaped);
    if (path == null) {
      throw new BadRequest(400, "");
    }
    return new Target(host, escaped, path, mark < 0 ? "" : pathAndQuery.substring(mark + 1));
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
