package dev.raddle.http;

import dev.raddle.http.internal.ContentSniffer;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.HttpDate;
import dev.raddle.http.internal.Output;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.StatusText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The head of one response. The decisions and the order of the lines are those of Go's
 * chunkWriter.writeHeader: status line, the handler's headers sorted by name, then Date,
 * Content-Length, Content-Type, Connection, Transfer-Encoding as far as the server adds them.
 */
final class ResponseHead {
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] CONTENT_TYPE = ascii("Content-Type: ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
  private static final byte[] CONNECTION_KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");

  private final RequestHead request;
  private final Log log;
  private final BooleanSupplier keepAlives;
  private final boolean isHead;
  private final boolean isConnect;
  private @Nullable Headers headers;
  private int status;
  private long contentLength = -1;
  private boolean chunked;
  private boolean closes;
  private boolean written;
  private List<String> trailers = List.of();
  private boolean hasTrailers;
  private boolean fullDuplex;

  ResponseHead(RequestHead request, BooleanSupplier keepAlives, Log log) {
    this.request = request;
    this.keepAlives = keepAlives;
    this.log = log;
    isHead = request.method.equals(Http.METHOD_HEAD);
    isConnect = request.method.equals(Http.METHOD_CONNECT);
    closes = request.http11 ? request.wantsClose : !request.wantsKeepAlive;
  }

  int status() {
    return status;
  }

  /** What the handler or the server declared; -1 if nobody did. */
  long contentLength() {
    return contentLength;
  }

  boolean isChunked() {
    return chunked;
  }

  boolean isWritten() {
    return written;
  }

  boolean closesConnection() {
    return closes;
  }

  /** The handler reads on after it has begun to write: the body is not drained. */
  void enableFullDuplex() {
    fullDuplex = true;
  }

  void closeAfterwards() {
    closes = true;
  }

  boolean allowsBody() {
    return status >= 200 && status != Http.STATUS_NO_CONTENT && status != Http.STATUS_NOT_MODIFIED;
  }

  /** Sends a 1xx response; another one follows. */
  void writeInterim(Output out, int interim, @Nullable Headers set) throws IOException {
    out.write(StatusText.line(request.http11, interim));
    if (set != null) {
      Headers lines = set.copy();
      lines.del("Content-Length");
      lines.del("Transfer-Encoding");
      writeLines(out, lines);
    }
    out.write(CRLF);
  }

  /** As {@link #writeInterim}, for a connection of streams: the lines alone. */
  List<String> interimLines(@Nullable Headers set) {
    List<String> lines = new ArrayList<>();
    if (set != null) {
      Headers copy = set.copy();
      copy.del("Content-Length");
      addLines(lines, copy);
    }
    return lines;
  }

  /** Fixes the status and what the handler has set so far. */
  void freeze(int newStatus, @Nullable Headers set) {
    status = newStatus;
    if (set == null || set.isEmpty()) {
      return;
    }
    headers = set.copy();
    String declared = headers.get("Content-Length");
    if (!declared.isEmpty()) {
      contentLength = parseLength(declared);
      if (contentLength < 0) {
        log.warn("http: invalid Content-Length of \"" + declared + "\"");
        headers.del("Content-Length");
      }
    }
    trailers = Trailers.announced(headers);
    hasTrailers = !trailers.isEmpty() || Trailers.hasUnannounced(headers);
  }

  /** Writes what follows the last chunk, the empty line included. */
  void writeTrailers(Output out, @Nullable Headers live) throws IOException {
    if (live != null) {
      Headers lines = Trailers.select(live, trailers);
      if (!lines.isEmpty()) {
        writeLines(out, lines);
      }
    }
    out.write(CRLF);
  }

  /** As {@link #writeTrailers}, for a connection of streams: the lines alone. */
  List<String> trailerLines(@Nullable Headers live) {
    List<String> lines = new ArrayList<>();
    if (live != null && (!trailers.isEmpty() || Trailers.hasUnannounced(live))) {
      addLines(lines, Trailers.select(live, trailers));
    }
    return lines;
  }

  /**
   * As {@link #write}, for a connection of streams, which frames the body by itself: the lines
   * alone. The decisions are those of writeChunk in Go's http2.
   *
   * @param done whether the handler has returned, so that the data is the whole body
   */
  List<String> lines(byte[] data, int offset, int length, boolean done) {
    written = true;
    Headers h = headers;
    boolean addLength =
        done
            && allowsBody()
            && (h == null || !h.contains("Content-Length"))
            && (!isHead || length > 0);
    if (addLength) {
      contentLength = length;
    }
    boolean sniff = false;
    if (!allowsBody()) {
      suppressBodyHeaders(h);
    } else if (length > 0) {
      sniff = h == null || (!h.contains("Content-Type") && h.get("Content-Encoding").isEmpty());
    }
    List<String> lines = new ArrayList<>();
    boolean addDate = true;
    if (h != null) {
      closes |= h.get("Connection").equals("close");
      addLines(lines, h);
      addDate = !h.contains("Date");
    }
    if (addDate) {
      lines.add("Date");
      lines.add(HttpDate.format(System.currentTimeMillis() / 1000));
    }
    if (addLength) {
      lines.add("Content-Length");
      lines.add(Integer.toString(length));
    }
    if (sniff) {
      lines.add("Content-Type");
      lines.add(
          new String(ContentSniffer.detect(data, offset, length), StandardCharsets.ISO_8859_1));
    }
    return lines;
  }

  private static void addLines(List<String> to, Headers lines) {
    lines.sort();
    for (int i = 0; i < lines.size(); i++) {
      String name = lines.name(i);
      String value = lines.value(i);
      if (value != null && HeaderText.isValidName(name) && !isOfConnection(name)) {
        to.add(name);
        to.add(HeaderText.encode(HeaderText.sendable(value)));
      }
    }
  }

  /** Says whether a line is about a connection of HTTP/1, RFC 9113, 8.2.2. */
  private static boolean isOfConnection(String name) {
    return switch (name) {
      case "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade" -> true;
      default -> false;
    };
  }

  /**
   * Writes the head.
   *
   * @param done whether the handler has returned, so that the data is the whole body
   */
  void write(Output out, RequestBody body, byte[] data, int offset, int length, boolean done)
      throws IOException {
    written = true;
    Headers h = headers;
    String transferEncoding = h == null ? "" : h.get("Transfer-Encoding");
    boolean hasTe = !transferEncoding.isEmpty();

    boolean addLength =
        done
            && !hasTe
            && !hasTrailers
            && allowsBody()
            && (h == null || !h.contains("Content-Length"))
            && (!isHead || length > 0);
    if (addLength) {
      contentLength = length;
    }
    boolean hasLength = contentLength >= 0;
    byte @Nullable [] connection = decideConnection(h, hasLength);
    if (!body.isComplete() && !closes && !fullDuplex && !body.drain()) {
      closes = true;
    }

    boolean sniff = false;
    if (!allowsBody()) {
      suppressBodyHeaders(h);
    } else if (length > 0 && !hasTe) {
      sniff = h == null || (!h.contains("Content-Type") && h.get("Content-Encoding").isEmpty());
    }
    if (hasLength && hasTe && !transferEncoding.equals("identity")) {
      log.warn("http: both Transfer-Encoding and Content-Length were set");
      hasLength = false;
    }
    boolean tunnel = isConnect && status >= 200 && status < 300;
    decideFraming(h, hasLength, transferEncoding, tunnel);
    if (closes
        && status != Http.STATUS_SWITCHING_PROTOCOLS
        && (h == null || !HeaderText.hasToken(h.get("Connection"), "close"))) {
      if (h != null) {
        h.del("Connection");
      }
      connection = request.http11 && !tunnel ? CONNECTION_CLOSE : null;
    }

    out.write(StatusText.line(request.http11, status));
    boolean addDate = true;
    if (h != null) {
      writeLines(out, h);
      addDate = !h.contains("Date");
    }
    if (addDate) {
      out.write(HttpDate.currentLine());
    }
    if (addLength && !tunnel) {
      out.write(CONTENT_LENGTH);
      out.number(length, 10);
      out.write(CRLF);
    }
    if (sniff) {
      out.write(CONTENT_TYPE);
      out.write(ContentSniffer.detect(data, offset, length));
      out.write(CRLF);
    }
    if (connection != null) {
      out.write(connection);
    }
    if (chunked) {
      out.write(CHUNKED);
    }
    out.write(CRLF);
  }

  private byte @Nullable [] decideConnection(@Nullable Headers h, boolean hasLength) {
    byte @Nullable [] connection = null;
    boolean keep10 = !request.http11 && request.wantsKeepAlive && keepAlives.getAsBoolean();
    if (keep10 && (isHead || hasLength || !allowsBody())) {
      if (h == null || !h.contains("Connection")) {
        connection = CONNECTION_KEEP_ALIVE;
      }
    } else if (!request.http11 || request.wantsClose) {
      closes = true;
    }
    closes |=
        !keepAlives.getAsBoolean()
            || isConnect
            || (h != null && h.get("Connection").equals("close"));
    return connection;
  }

  private void decideFraming(
      @Nullable Headers h, boolean hasLength, String transferEncoding, boolean tunnel) {
    boolean chunk = false;
    if (!tunnel && !isHead && allowsBody() && !hasLength) {
      chunk = request.http11 && !transferEncoding.equals("identity");
      closes |= !chunk;
    }
    chunked = chunk;
    if (h == null) {
      return;
    }
    if (!chunk || transferEncoding.equals("chunked")) {
      h.del("Transfer-Encoding"); // the server's own line says it
    }
    if (chunk || tunnel) {
      h.del("Content-Length");
    }
  }

  private void suppressBodyHeaders(@Nullable Headers h) {
    if (h != null) {
      if (status == Http.STATUS_NOT_MODIFIED) {
        h.del("Content-Type");
      }
      h.del("Content-Length");
      h.del("Transfer-Encoding");
    }
  }

  private static void writeLines(Output out, Headers lines) throws IOException {
    lines.sort();
    for (int i = 0; i < lines.size(); i++) {
      String name = lines.name(i);
      String value = lines.value(i);
      if (value != null && HeaderText.isValidName(name)) {
        out.ascii(name);
        out.ascii(": ");
        out.write(HeaderText.sendable(value).getBytes(StandardCharsets.UTF_8));
        out.write(CRLF);
      }
    }
  }

  private static long parseLength(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return text.length() > 18 ? -1 : Long.parseLong(text);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
