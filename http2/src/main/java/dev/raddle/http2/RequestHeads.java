package dev.raddle.http2;

import dev.raddle.http.spi.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.jspecify.annotations.Nullable;

/** From Jetty's heads to the server's, and what it lets pass that RFC 9113 does not. */
final class RequestHeads {
  private static final int BYTES_PER_LINE = 32; // RFC 9113, 6.5.2
  private static final int PSEUDO_LINES = 4;

  private RequestHeads() {}

  /** Returns null if the head is malformed: RFC 9113, 8.1.1. */
  static @Nullable StreamRequest of(HeadersFrame frame) {
    MetaData message = frame.getMetaData();
    if (MetaData.Failed.getFailure(message) != null
        || !(message instanceof MetaData.Request request)
        || request.getProtocol() != null) { // an extension that was not offered, RFC 8441
      return null;
    }
    long length = -1;
    for (HttpField field : request.getHttpFields()) {
      switch (field.getLowerCaseName()) {
        case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> {
          return null; // 8.2.2
        }
        case "content-length" -> {
          long declared = number(field.getValue());
          if (declared < 0 || (length >= 0 && length != declared)) {
            return null;
          }
          length = declared;
        }
        default -> {}
      }
    }
    if (frame.isEndStream()) {
      if (length > 0) {
        return null; // 8.1.1
      }
      length = 0;
    }
    return request(request, length);
  }

  private static StreamRequest request(MetaData.Request request, long length) {
    HttpURI uri = request.getHttpURI();
    String authority = orEmpty(uri.getAuthority());
    String path = orEmpty(uri.getPathQuery());
    List<String> lines = lines(request.getHttpFields());
    long bytes = PSEUDO_LINES * (long) BYTES_PER_LINE + path.length() + authority.length();
    for (int i = 0; i < lines.size(); i++) {
      bytes += lines.get(i).length() + (i % 2 == 0 ? BYTES_PER_LINE : 0);
    }
    return new StreamRequest(
        request.getMethod(), orEmpty(uri.getScheme()), authority, path, lines, length, bytes);
  }

  /** Name, value, name, value and so on. */
  static List<String> lines(HttpFields fields) {
    List<String> lines = new ArrayList<>(2 * fields.size());
    for (HttpField field : fields) {
      lines.add(field.getName());
      lines.add(orEmpty(field.getValue()));
    }
    return lines;
  }

  /** Returns -1 if it is none. */
  private static long number(@Nullable String digits) {
    if (digits == null || digits.isEmpty() || digits.length() > 18) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(digits);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
