package dev.raddle.http;

import java.nio.charset.StandardCharsets;

/** Redirects, as Go's http.Redirect writes them. */
final class Redirect {
  private Redirect() {}

  /** A handler for another path of this server; the query is kept. 307: since Go 1.26. */
  static Handler toPath(String escapedPath) {
    return (w, r) -> {
      String query = r.rawQuery();
      send(
          w,
          r,
          query.isEmpty() ? escapedPath : escapedPath + "?" + query,
          Http.STATUS_TEMPORARY_REDIRECT);
    };
  }

  static void send(ResponseWriter w, Request r, String url, int status) {
    Headers headers = w.header();
    boolean hadType = headers.contains("Content-Type");
    boolean getOrHead = r.method().equals(Http.METHOD_GET) || r.method().equals(Http.METHOD_HEAD);
    headers.set("Location", ascii(url));
    if (!hadType && getOrHead) {
      headers.set("Content-Type", "text/html; charset=utf-8");
    }
    w.writeHeader(status);
    if (!hadType && r.method().equals(Http.METHOD_GET)) {
      w.write("<a href=\"" + html(url) + "\">" + Http.statusText(status) + "</a>.\n\n");
    }
  }

  /** Makes a URL that is only a path absolute, by that of the request, and clean. */
  static String absolute(String url, Request r) {
    if (hasScheme(url) || url.startsWith("//")) {
      return url;
    }
    String path = url;
    if (!path.startsWith("/")) {
      String old = r.escapedPath().isEmpty() ? "/" : r.escapedPath();
      path = old.substring(0, old.lastIndexOf('/') + 1) + path;
    }
    int mark = path.indexOf('?');
    String query = mark < 0 ? "" : path.substring(mark);
    return Paths.clean(mark < 0 ? path : path.substring(0, mark)) + query;
  }

  private static boolean hasScheme(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c == ':') {
        return i > 0;
      }
      if (!Character.isLetterOrDigit(c) && "+-.".indexOf(c) < 0) {
        return false;
      }
    }
    return false;
  }

  /** What is not ASCII is percent-encoded, as Go's hexEscapeNonASCII does. */
  private static String ascii(String url) {
    StringBuilder text = new StringBuilder(url.length());
    for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0) {
        text.append((char) b);
      } else {
        text.append('%').append(hex((b & 0xff) >> 4)).append(hex(b & 15));
      }
    }
    return text.toString();
  }

  private static char hex(int digit) {
    return "0123456789abcdef".charAt(digit);
  }

  static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
