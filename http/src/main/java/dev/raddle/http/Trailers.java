package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import java.util.ArrayList;
import java.util.List;

/** Header lines behind a body: which a handler may send, and how it says so, as in Go. */
final class Trailers {
  /** In front of a name: send it behind the body, announced or not. Go: http.TrailerPrefix. */
  static final String PREFIX = "Trailer:";

  private Trailers() {}

  /** The names in Trailer headers. */
  static List<String> announced(Headers headers) {
    List<String> names = new ArrayList<>(0);
    for (String value : headers.values("Trailer")) {
      for (String element : value.split(",", -1)) {
        String name = HeaderText.canonicalName(element.strip());
        if (isAllowed(name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  static boolean hasUnannounced(Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.name(i).startsWith(PREFIX)) {
        return true;
      }
    }
    return false;
  }

  /** What of a handler's headers is to be sent behind the body. */
  static Headers select(Headers live, List<String> announced) {
    Headers chosen = new Headers();
    for (int i = 0; i < live.size(); i++) {
      String name = live.name(i);
      String value = live.value(i);
      if (value != null && name.startsWith(PREFIX)) {
        chosen.add(name.substring(PREFIX.length()), value);
      } else if (value != null && announced.contains(name)) {
        chosen.add(name, value);
      }
    }
    return chosen;
  }

  /** Framing, and what a recipient needs before the body, stays in the head: RFC 9110, 6.5.1. */
  static boolean isAllowed(String name) {
    if (!HeaderText.isValidName(name) || name.startsWith("If-")) {
      return false;
    }
    return switch (name) {
      case "Authorization",
          "Cache-Control",
          "Connection",
          "Content-Encoding",
          "Content-Length",
          "Content-Range",
          "Content-Type",
          "Expect",
          "Host",
          "Keep-Alive",
          "Max-Forwards",
          "Pragma",
          "Proxy-Authenticate",
          "Proxy-Authorization",
          "Proxy-Connection",
          "Range",
          "Realm",
          "Te",
          "Trailer",
          "Transfer-Encoding",
          "Www-Authenticate" ->
          false;
      default -> true;
    };
  }
}
