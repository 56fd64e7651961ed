package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Writes requests, in Go's order: Host, User-Agent, the framing, then the others sorted. */
final class RequestWriter {
  static final String USER_AGENT = "Raddle-http-client/1.1";
  private static final byte[] CRLF = {'\r', '\n'};

  private final Output out;

  RequestWriter(Output out) {
    this.out = out;
  }

  /** Refuses what would be taken for something else on the wire. */
  static void check(Request r) throws IOException {
    Headers headers = r.headers();
    for (int i = 0; i < headers.size(); i++) {
      String value = headers.value(i);
      if (!HeaderText.isValidName(headers.name(i))) {
        throw new IOException("net/http: invalid header field name \"" + headers.name(i) + "\"");
      }
      if (value != null && hasControl(value)) {
        throw new IOException(
            "net/http: invalid header field value for \"" + headers.name(i) + '"');
      }
    }
    for (int i = 0; i < r.trailer().size(); i++) {
      String name = r.trailer().name(i);
      String value = r.trailer().value(i);
      if (!Trailers.isAllowed(name)) {
        throw new IOException("net/http: invalid trailer field name \"" + name + '"');
      }
      if (value != null && hasControl(value)) {
        throw new IOException("net/http: invalid trailer field value for \"" + name + '"');
      }
    }
    if (hasControl(r.host()) || r.host().indexOf(' ') >= 0 || r.host().indexOf('/') >= 0) {
      throw new IOException("http: invalid Host header");
    }
    if (hasControl(r.escapedPath())
        || r.escapedPath().indexOf(' ') >= 0
        || hasControl(r.rawQuery())
        || r.rawQuery().indexOf(' ') >= 0) {
      throw new IOException("net/http: can't write control character in Request.URL");
    }
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        return true;
      }
    }
    return false;
  }

  /** Writes all but the body. */
  void head(Request r, boolean throughProxy, boolean acceptGzip, boolean close) throws IOException {
    String path = r.escapedPath().isEmpty() ? "/" : r.escapedPath();
    if (!r.rawQuery().isEmpty()) {
      path += "?" + r.rawQuery();
    }
    if (throughProxy) {
      path = "http://" + r.parts.target.host() + path;
    }
    out.write((r.method() + " " + path + " HTTP/1.1\r\n").getBytes(StandardCharsets.UTF_8));
    line("Host", withoutZone(r.host()));
    Headers headers = r.headers();
    if (!headers.contains("User-Agent")) {
      line("User-Agent", USER_AGENT);
    } else if (!headers.get("User-Agent").isEmpty()) {
      line("User-Agent", headers.get("User-Agent"));
    }
    if (close) {
      line("Connection", "close");
    }
    framing(r);
    Headers lines = headers.copy();
    lines.sort();
    for (int i = 0; i < lines.size(); i++) {
      String value = lines.value(i);
      if (value != null && !isOwn(lines.name(i), close)) {
        line(lines.name(i), value);
      }
    }
    if (acceptGzip) {
      line("Accept-Encoding", "gzip");
    }
    out.write(CRLF);
  }

  /** The zone of an address means something on this machine only. */
  private static String withoutZone(String host) {
    int zone = host.startsWith("[") ? host.indexOf('%') : -1;
    int end = host.lastIndexOf(']');
    return zone < 0 || end < zone ? host : host.substring(0, zone) + host.substring(end);
  }

  private static boolean isOwn(String name, boolean close) {
    return switch (name) {
      case "Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer" -> true;
      case "Connection" -> close;
      default -> false;
    };
  }

  private void framing(Request r) throws IOException {
    long length = r.contentLength();
    if (length > 0) {
      line("Content-Length", Long.toString(length));
    } else if (length < 0) {
      line("Transfer-Encoding", "chunked");
      if (!r.trailer().isEmpty()) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < r.trailer().size(); i++) {
          names.append(i == 0 ? "" : ",").append(r.trailer().name(i));
        }
        line("Trailer", names.toString());
      }
    } else if (r.method().equals(Http.METHOD_POST)
        || r.method().equals(Http.METHOD_PUT)
        || r.method().equals(Http.METHOD_PATCH)) {
      line("Content-Length", "0");
    }
  }

  /** Writes the body, in pieces as it comes. */
  void body(Request r) throws IOException {
    long length = r.contentLength();
    byte[] piece = new byte[16 << 10];
    long written = 0;
    try (InputStream in = r.body()) {
      if (in.available() == 0) {
        out.flush(); // the server may have to see the head before there is more
      }
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        written += n;
        if (length >= 0) {
          if (written > length) {
            break;
          }
          out.write(piece, 0, n);
        } else if (n > 0) {
          out.number(n, 16);
          out.write(CRLF);
          out.write(piece, 0, n);
          out.write(CRLF);
        }
        if (in.available() == 0) {
          out.flush(); // more may take its time: a client that streams
        }
      }
    }
    if (length >= 0 && written != length) {
      throw new IOException("http: ContentLength=" + length + " with Body length " + written);
    }
    if (length < 0) {
      out.write(new byte[] {'0', '\r', '\n'});
      Headers trailer = r.trailer();
      for (int i = 0; i < trailer.size(); i++) {
        String value = trailer.value(i);
        if (value != null) {
          line(trailer.name(i), value);
        }
      }
      out.write(CRLF);
    }
    out.flush();
  }

  private void line(String name, String value) throws IOException {
    out.ascii(name);
    out.ascii(": ");
    out.write(HeaderText.sendable(value).getBytes(StandardCharsets.UTF_8));
    out.write(CRLF);
  }
}
