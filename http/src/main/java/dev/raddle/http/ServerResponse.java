package dev.raddle.http;

import dev.raddle.http.internal.Output;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The response to one request: what to send when. {@link ResponseHead} knows what goes into the
 * head.
 */
final class ServerResponse implements ResponseWriter {
  /** What of the body is held back, in the hope that it is all; Go's bufferBeforeChunkingSize. */
  static final int BODY_BUFFER_BYTES = 2048;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};

  private final ServerConnection connection;
  private final Output out;
  private final byte[] buffer; // the connection's, BODY_BUFFER_BYTES long
  private final ResponseHead head;
  private final RequestBody requestBody;
  private final boolean isHead;
  private @Nullable Headers headers;
  private int buffered;
  private long written;
  private boolean wroteHeader;
  private boolean done;
  private boolean returned;
  private boolean warned;
  private boolean hijacked;
  private @Nullable IOException broken;

  ServerResponse(
      ServerConnection connection,
      Output out,
      byte[] buffer,
      ResponseHead head,
      boolean isHead,
      RequestBody body) {
    this.connection = connection;
    this.out = out;
    this.buffer = buffer;
    this.head = head;
    this.isHead = isHead;
    requestBody = body;
  }

  @Override
  public Headers header() {
    if (headers == null) {
      headers = new Headers();
    }
    return headers;
  }

  @Override
  public void writeHeader(int status) {
    checkOpen();
    if (wroteHeader) {
      warn("http: superfluous writeHeader(" + status + "), the status is " + head.status());
      return;
    }
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException(
          "writeHeader: invalid status, expected 100 to 999, found " + status);
    }
    if (status == Http.STATUS_CONTINUE || status >= 200) {
      requestBody.cancelContinue();
    }
    try {
      if (status < 200 && status != Http.STATUS_SWITCHING_PROTOCOLS) {
        head.writeInterim(out, status, headers);
        out.flush();
        return;
      }
    } catch (IOException e) {
      throw gone(e);
    }
    wroteHeader = true;
    head.freeze(status, headers);
  }

  @Override
  public void write(String text) {
    Objects.requireNonNull(text, "write: expected a string or bytes, found null");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length, false);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Objects.requireNonNull(bytes, "write: expected a string or bytes, found null");
    Objects.checkFromIndexSize(offset, length, bytes.length);
    write(bytes, offset, length, true);
  }

  /** Go sends a large []byte as one chunk, and a large string in chunks of the buffer's size. */
  private void write(byte[] bytes, int offset, int length, boolean large) {
    checkOpen();
    if (!wroteHeader) {
      writeHeader(Http.STATUS_OK);
    }
    if (length == 0) {
      return;
    }
    if (!head.allowsBody()) {
      warn("http: request method or response status code does not allow body");
      return;
    }
    written += length;
    if (head.contentLength() >= 0 && written > head.contentLength()) {
      warn("http: wrote more than the declared Content-Length");
      return;
    }
    try {
      int from = offset;
      int rest = length;
      while (rest > BODY_BUFFER_BYTES - buffered) {
        if (buffered == 0 && large) {
          send(bytes, from, rest);
          return;
        }
        int n = BODY_BUFFER_BYTES - buffered;
        System.arraycopy(bytes, from, buffer, buffered, n);
        buffered += n;
        sendBuffered();
        from += n;
        rest -= n;
      }
      System.arraycopy(bytes, from, buffer, buffered, rest);
      buffered += rest;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void flush() {
    checkOpen();
    if (!wroteHeader) {
      writeHeader(Http.STATUS_OK);
    }
    try {
      sendBuffered();
      sendHead();
      out.flush();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** The handler has returned: sends the rest. */
  void finish() throws IOException {
    if (broken != null) {
      throw broken;
    }
    if (!wroteHeader) {
      writeHeader(Http.STATUS_OK);
    }
    done = true;
    returned = true;
    sendBuffered();
    sendHead();
    if (head.isChunked()) {
      out.write(LAST_CHUNK);
      head.writeTrailers(out, headers);
    }
    out.flush();
  }

  /** Hands the connection to the handler. */
  Conn hijack() throws IOException {
    checkOpen();
    requestBody.cancelContinue();
    if (wroteHeader) {
      sendBuffered();
      sendHead();
      out.flush();
    }
    Conn conn = connection.hijack();
    hijacked = true;
    return conn;
  }

  boolean isHijacked() {
    return hijacked;
  }

  void enableFullDuplex() {
    checkOpen();
    head.enableFullDuplex();
  }

  /** The body went beyond a limit: it is not read out, so the connection cannot be kept. */
  void requestTooLarge() {
    requestBody.markTooLarge();
    head.closeAfterwards();
    if (!wroteHeader) {
      header().set("Connection", "close");
    }
  }

  ServerConnection connection() {
    return connection;
  }

  int status() {
    return head.status();
  }

  /** The handler failed: nothing more is sent. */
  void abandon() {
    returned = true;
  }

  /** Whether the next request may come over this connection. */
  boolean keepsConnection() {
    boolean complete =
        isHead || head.contentLength() < 0 || !head.allowsBody() || head.contentLength() == written;
    return complete && !head.closesConnection() && requestBody.isComplete();
  }

  boolean isBroken() {
    return broken != null;
  }

  private void sendBuffered() throws IOException {
    if (buffered > 0) {
      int n = buffered;
      buffered = 0;
      send(buffer, 0, n);
    }
  }

  private void send(byte[] bytes, int offset, int length) throws IOException {
    if (!head.isWritten()) {
      head.write(out, requestBody, bytes, offset, length, done);
    }
    if (isHead) {
      return;
    }
    if (head.isChunked()) {
      out.number(length, 16);
      out.write(CRLF);
      out.write(bytes, offset, length);
      out.write(CRLF);
    } else {
      out.write(bytes, offset, length);
    }
  }

  private void sendHead() throws IOException {
    if (!head.isWritten()) {
      head.write(out, requestBody, buffer, 0, 0, done);
    }
  }

  private void checkOpen() {
    if (returned) {
      throw new IllegalStateException(
          "http: response used after its handler returned; expected use within the handler");
    }
    if (hijacked) {
      throw new IllegalStateException("http: connection has been hijacked");
    }
    if (broken != null) {
      throw new UncheckedIOException(broken);
    }
  }

  private UncheckedIOException gone(IOException e) {
    broken = e;
    return new UncheckedIOException(e);
  }

  private void warn(String message) {
    if (!warned) {
      warned = true;
      connection.log().warn(message);
    }
  }
}
