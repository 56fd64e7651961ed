package dev.raddle.http2;

import dev.raddle.http.spi.StreamHead;
import dev.raddle.http.spi.StreamRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;

/** Heads of a client: requests for Jetty, and what of Jetty's responses is well formed. */
final class ClientHeads {
  private static final int LINE_BYTES = 32; // that each line counts more than its characters

  private ClientHeads() {}

  /**
   * The fields of a request, pseudo headers first. They are given to the encoder as they are: a URI
   * of Jetty's would be parsed, and refuse what others may want to send.
   */
  static HttpFields fields(StreamRequest request) {
    HttpFields.Mutable fields = HttpFields.build();
    fields.add(new HttpField(HttpHeader.C_METHOD, request.method()));
    if (!request.method().equals("CONNECT")) {
      fields.add(new HttpField(HttpHeader.C_SCHEME, request.scheme()));
    }
    fields.add(new HttpField(HttpHeader.C_AUTHORITY, request.authority()));
    if (!request.method().equals("CONNECT")) {
      fields.add(new HttpField(HttpHeader.C_PATH, request.path()));
    }
    add(fields, request.lines());
    return fields;
  }

  static HttpFields fields(List<String> lines) {
    HttpFields.Mutable fields = HttpFields.build();
    add(fields, lines);
    return fields;
  }

  private static void add(HttpFields.Mutable fields, List<String> lines) {
    for (int i = 0; i < lines.size(); i += 2) {
      String name = lines.get(i); // the encoder writes it in lower case
      String value = lines.get(i + 1).replace('\t', ' '); // which some peers refuse in a value
      if (name.equalsIgnoreCase("cookie")) {
        for (String crumb : value.split("; *", -1)) { // compresses better: RFC 9113, 8.2.3
          fields.add(name, crumb);
        }
      } else {
        fields.add(name, value);
      }
    }
  }

  /** As SETTINGS_MAX_HEADER_LIST_SIZE counts. */
  static long bytes(HttpFields fields) {
    long bytes = 0;
    for (HttpField field : fields) {
      String value = field.getValue();
      bytes += LINE_BYTES + field.getName().length() + (value == null ? 0 : value.length());
    }
    return bytes;
  }

  /**
   * Checks the head of a response.
   *
   * @param ended whether no more frames follow
   * @throws IOException with the reason, if it is malformed
   */
  static StreamHead response(MetaData message, boolean ended, long maxBytes) throws IOException {
    List<String> lines = lines(message, maxBytes);
    if (!(message instanceof MetaData.Response response)) {
      throw new IOException("malformed response from server: missing status pseudo header");
    }
    int status = response.getStatus();
    if (status < 100 || status > 999 || status == 101) {
      throw new IOException("malformed response from server: status " + status);
    }
    if (status < 200 && ended) {
      throw new IOException("malformed response from server: 1xx that ends the stream");
    }
    return new StreamHead(status, lines, contentLength(lines), ended);
  }

  /** Checks the lines behind a body. */
  static List<String> trailer(MetaData message, boolean ended, long maxBytes) throws IOException {
    List<String> lines = lines(message, maxBytes);
    if (message.isResponse() || message.isRequest()) {
      throw new IOException("malformed response from server: pseudo header in trailers");
    }
    if (!ended) {
      throw new IOException("malformed response from server: trailers that do not end the stream");
    }
    return lines;
  }

  private static List<String> lines(MetaData message, long maxBytes) throws IOException {
    Throwable failure = MetaData.Failed.getFailure(message);
    if (failure != null) {
      throw new IOException("malformed response from server: " + failure.getMessage(), failure);
    }
    HttpFields fields = message.getHttpFields();
    if (bytes(fields) > maxBytes) {
      throw new IOException("response header list larger than advertised limit");
    }
    List<String> lines = new ArrayList<>(2 * fields.size());
    for (HttpField field : fields) {
      String name = field.getLowerCaseName();
      switch (name) {
        case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" ->
            throw new IOException(
                "malformed response from server: connection-specific header " + name);
        default -> {}
      }
      if (name.indexOf(':') >= 0) {
        throw new IOException("malformed response from server: invalid header name " + name);
      }
      String value = field.getValue();
      lines.add(name);
      lines.add(value == null ? "" : value);
    }
    return lines;
  }

  private static long contentLength(List<String> lines) throws IOException {
    String declared = null;
    for (int i = 0; i < lines.size(); i += 2) {
      if (lines.get(i).equals("content-length")) {
        String value = lines.get(i + 1);
        if (declared != null && !declared.equals(value)) {
          throw new IOException("malformed response from server: content lengths that differ");
        }
        declared = value;
      }
    }
    return declared == null ? -1 : number(declared);
  }

  private static long number(String digits) throws IOException {
    boolean valid = !digits.isEmpty() && digits.length() <= 18;
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!valid) {
      throw new IOException(
          "malformed response from server: invalid content length \"" + digits + '"');
    }
    return Long.parseLong(digits);
  }
}
