package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;

/**
 * A pattern of {@link ServeMux}, taken apart: {@code [METHOD ][HOST]/[PATH]}.
 *
 * @param text as it was given
 * @param method empty for all
 * @param host empty for all
 * @param path starts with a slash; if it ends with one it stands for everything below, too
 */
record Pattern(String text, String method, String host, String path) {
  static Pattern parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "http: invalid pattern, expected [METHOD ][HOST]/[PATH], found nothing");
    }
    int blank = 0;
    while (blank < text.length() && text.charAt(blank) != ' ' && text.charAt(blank) != '\t') {
      blank++;
    }
    String method = blank < text.length() ? text.substring(0, blank) : "";
    String rest = blank < text.length() ? text.substring(blank).strip() : text;
    if (blank < text.length() && !HeaderText.isValidName(method)) {
      throw wrong(text, "invalid method \"" + method + "\"");
    }
    int slash = rest.indexOf('/');
    if (slash < 0) {
      throw wrong(text, "host/path missing /");
    }
    if (rest.indexOf('{') >= 0) {
      throw wrong(text, "wildcards are not supported yet, expected a path without {");
    }
    String path = rest.substring(slash);
    if (!method.equals(Http.METHOD_CONNECT) && !Paths.clean(path).equals(path)) {
      throw wrong(text, "non-CONNECT pattern with unclean path can never match");
    }
    return new Pattern(text, method, rest.substring(0, slash), path);
  }

  private static IllegalArgumentException wrong(String text, String what) {
    return new IllegalArgumentException("parsing \"" + text + "\": " + what);
  }

  boolean matchesMethod(String requested) {
    return method.isEmpty()
        || method.equals(requested)
        || (method.equals(Http.METHOD_GET) && requested.equals(Http.METHOD_HEAD));
  }

  boolean equalsRequestsOf(Pattern other) {
    return method.equals(other.method) && host.equals(other.host) && path.equals(other.path);
  }
}
