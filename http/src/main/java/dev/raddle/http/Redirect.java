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
    headers.set("Location", ascii(url));
    if (!hadType && getOrHead) {
      headers.set("Content-Type", "text/html; charset=utf-8");
    }
    w.writeHeader(STATUS);
    if (!hadType && r.method().equals(Http.METHOD_GET)) {
      w.write("<a href=\"" + html(url) + "\">" + Http.statusText(STATUS) + "</a>.\n\n");
    }
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

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
