package dev.raddle.http;

import java.nio.charset.StandardCharsets;

/** The redirects that the mux sends, as Go's http.Redirect writes them. */
final class Redirect {
  private static final int STATUS = Http.STATUS_TEMPORARY_REDIRECT; // since Go 1.26; 301 before

  private Redirect() {}

  /** Answers with a redirect to another path of this server; the query is kept. */
  static void to(ResponseWriter w, Request r, String escapedPath) {
    String query = r.rawQuery();
    String url = query.isEmpty() ? escapedPath : escapedPath + "?" + query;
    Headers headers = w.header();
    boolean hadType = headers.contains("Content-Type");
    boolean getOrHead = r.method().equals(Http.METHOD_GET) || r.method().equals(Http.METHOD_HEAD);
    headers.set("Location", url);
    if (!hadType && getOrHead) {
      headers.set("Content-Type", "text/html; charset=utf-8");
    }
    w.writeHeader(STATUS);
    if (!hadType && r.method().equals(Http.METHOD_GET)) {
      w.write("<a href=\"" + html(url) + "\">" + Http.statusText(STATUS) + "</a>.\n\n");
    }
  }

  /** Percent-encodes what Go's URL.EscapedPath does not leave alone in a path. */
  static String escape(String path) {
    StringBuilder text = new StringBuilder(path.length());
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-_.~$&+,/:;=@!'()*[]".indexOf(c) >= 0;
      if (plain) {
        text.append(c);
      } else {
        text.append('%').append(hex(c >> 4)).append(hex(c & 15));
      }
    }
    return text.toString();
  }

  private static char hex(int digit) {
    return "0123456789ABCDEF".charAt(digit);
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
