package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.spi.StreamRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as a protocol with streams sends it: {@link RequestWriter}, for those. What belongs to
 * a connection of HTTP/1 is left out, or refused if it cannot be.
 */
final class RequestLines {
  private static final String USER_AGENT = "Raddle-http-client/2.0";

  private final Request request;
  private final List<String> lines = new ArrayList<>();

  private RequestLines(Request request) {
    this.request = request;
  }

  static StreamRequest of(Request r, boolean acceptGzip) throws IOException {
    RequestLines made = new RequestLines(r);
    made.checkConnection();
    made.addAll(acceptGzip);
    return new StreamRequest(
        r.method(),
        r.parts.target.scheme(),
        HeaderText.encode(r.host()),
        HeaderText.encode(path(r)),
        made.lines,
        r.contentLength(),
        0);
  }

  private static String path(Request r) {
    if (r.method().equals(Http.METHOD_CONNECT)) {
      return "";
    }
    String path = r.escapedPath().isEmpty() ? "/" : r.escapedPath();
    return r.rawQuery().isEmpty() ? path : path + "?" + r.rawQuery();
  }

  private void checkConnection() throws IOException {
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      String value = headers.value(i);
      boolean allowed =
          value == null
              || value.isEmpty()
              || switch (headers.name(i)) {
                case "Upgrade" -> false;
                case "Transfer-Encoding" -> value.equals("chunked");
                case "Connection" ->
                    value.equalsIgnoreCase("close") || value.equalsIgnoreCase("keep-alive");
                default -> true;
              };
      if (!allowed) {
        throw new IOException(
            "http2: invalid " + headers.name(i) + " request header: \"" + value + '"');
      }
    }
  }

  private void addAll(boolean acceptGzip) {
    Headers headers = request.headers();
    if (!request.trailer().isEmpty()) {
      StringBuilder names = new StringBuilder();
      for (int i = 0; i < request.trailer().size(); i++) {
        names.append(i == 0 ? "" : ",").append(request.trailer().name(i));
      }
      line("Trailer", names.toString());
    }
    for (int i = 0; i < headers.size(); i++) {
      String value = headers.value(i);
      if (value != null && !isOwn(headers.name(i))) {
        line(headers.name(i), value);
      }
    }
    long length = request.contentLength();
    if (length > 0
        || (length == 0
            && (request.method().equals(Http.METHOD_POST)
                || request.method().equals(Http.METHOD_PUT)
                || request.method().equals(Http.METHOD_PATCH)))) {
      line("Content-Length", Long.toString(length));
    }
    if (acceptGzip) {
      line("Accept-Encoding", "gzip");
    }
    if (!headers.contains("User-Agent")) {
      line("User-Agent", USER_AGENT);
    } else if (!headers.get("User-Agent").isEmpty()) {
      line("User-Agent", headers.get("User-Agent"));
    }
  }

  private static boolean isOwn(String name) {
    return switch (name) {
      case "Host",
          "User-Agent",
          "Content-Length",
          "Trailer",
          "Connection",
          "Proxy-Connection",
          "Keep-Alive",
          "Transfer-Encoding",
          "Upgrade" ->
          true;
      default -> false;
    };
  }

  static List<String> trailer(Request r) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < r.trailer().size(); i++) {
      String value = r.trailer().value(i);
      if (value != null) {
        lines.add(r.trailer().name(i));
        lines.add(HeaderText.encode(HeaderText.sendable(value)));
      }
    }
    return lines;
  }

  private void line(String name, String value) {
    lines.add(name);
    lines.add(HeaderText.encode(HeaderText.sendable(value)));
  }
}
