package dev.raddle.http;

import dev.raddle.net.Conn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The response to one request: what to send when. {@link ResponseHead} knows what goes into the
 * head, the subclass how both are framed.
 */
abstract class ServerResponse implements ResponseWriter {
  final byte[] buffer; // what of the body is held back, in the hope that it is all
  final ResponseHead head;
  final RequestBody requestBody;
  final boolean isHead;
  private final Log log;
  private @Nullable Headers headers;
  private int buffered;
  private long written;
  private boolean tooLong; // what was beyond the declared length was not taken
  private boolean wroteHeader;
  private boolean done;
  private boolean returned;
  private boolean warned;
  private boolean hijacked;
  private @Nullable IOException broken;

  ServerResponse(byte[] buffer, ResponseHead head, boolean isHead, RequestBody body, Log log) {
    this.buffer = buffer;
    this.head = head;
    this.isHead = isHead;
    this.log = log;
    requestBody = body;
  }

  /** The server's log. */
  final Log log() {
    return log;
  }

  /** Sends a 1xx response; another one follows. */
  abstract void sendInterim(int status, @Nullable Headers set) throws IOException;

  /** Sends the head, if it is not sent, and a part of the body, at least one byte. */
  abstract void send(byte[] bytes, int offset, int length) throws IOException;

  /** Sends the head, if it is not sent. */
  abstract void sendHead() throws IOException;

  /** Sends what was gathered. */
  abstract void flushOut() throws IOException;

  /** Sends all that is left, with so much of the buffer: that was the response. */
  abstract void sendLast(int length) throws IOException;

  /** Whether parts of files can go from the disk to the socket. */
  abstract boolean sendsFiles();

  /** Sends such a part, when all before it has gone out; returns less if the file is shorter. */
  abstract long sendFileOut(FileChannel file, long position, long count) throws IOException;

  /** By System.nanoTime; 0 for none. */
  abstract void setReadDeadline(long nanoTime);

  /** By System.nanoTime; 0 for none. */
  abstract void setWriteDeadline(long nanoTime);

  /** Takes the connection from the server; what was written has been sent. */
  abstract Conn takeOver() throws IOException;

  /** Whether the connection carries nothing else, so that it can be handed over or closed. */
  abstract boolean ownsConnection();

  @Override
  public final Headers header() {
    if (headers == null) {
      headers = new Headers();
    }
    return headers;
  }

  @Override
  public final void writeHeader(int status) {
    checkOpen();
    if (wroteHeader) {
      warn("http: superfluous writeHeader(" + status + "), the status is " + head.status());
      return;
    }
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException(
          "writeHeader: invalid status, expected 100 to 999, found " + status);
    }
    if (status == Http.STATUS_SWITCHING_PROTOCOLS && !ownsConnection()) {
      throw new IllegalArgumentException(
          "writeHeader: invalid status, expected one that HTTP/2 has, found " + status);
    }
    if (status == Http.STATUS_CONTINUE || status >= 200) {
      requestBody.cancelContinue();
    }
    try {
      if (status < 200 && status != Http.STATUS_SWITCHING_PROTOCOLS) {
        synchronized (requestBody) { // 100 Continue may be on its way: RequestBody, I2
          sendInterim(status, headers);
        }
        return;
      }
    } catch (IOException e) {
      throw gone(e);
    }
    wroteHeader = true;
    head.freeze(status, headers);
  }

  @Override
  public final void write(String text) {
    Objects.requireNonNull(text, "write: expected a string or bytes, found null");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length, false);
  }

  @Override
  public final void write(byte[] bytes, int offset, int length) {
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
    long declared = head.contentLength();
    if (tooLong || (declared >= 0 && length > declared - written)) {
      tooLong = true;
      warn("http: wrote more than the declared Content-Length");
      return;
    }
    written += length;
    try {
      int from = offset;
      int rest = length;
      while (rest > buffer.length - buffered) {
        if (buffered == 0 && large) {
          send(bytes, from, rest);
          return;
        }
        int n = buffer.length - buffered;
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

  /**
   * Sends a part of a file from the disk to the socket. False if it has to be copied: nothing of it
   * has been sent then.
   */
  boolean sendFile(FileChannel file, long position, long count) {
    checkOpen();
    if (!wroteHeader
        || isHead
        || !head.allowsBody()
        || tooLong
        || written + count > head.contentLength()
        || !sendsFiles()) {
      return false;
    }
    try {
      sendBuffered();
      sendHead();
      if (head.isChunked()) {
        return false;
      }
      flushOut();
      long sent = sendFileOut(file, position, count);
      written += sent;
      if (sent < count) {
        throw new AbortHandlerException(); // the file has become shorter
      }
      return true;
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public final void flush() {
    checkOpen();
    if (!wroteHeader) {
      writeHeader(Http.STATUS_OK);
    }
    try {
      sendBuffered();
      sendHead();
      flushOut();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /** The handler has returned: sends the rest. */
  final void finish() throws IOException {
    if (broken != null) {
      throw broken;
    }
    if (!wroteHeader) {
      writeHeader(Http.STATUS_OK);
    }
    done = true;
    returned = true;
    int rest = buffered;
    buffered = 0;
    sendLast(rest);
  }

  /** Hands the connection to the handler. */
  final Conn hijack() throws IOException {
    checkOpen();
    if (!ownsConnection()) {
      throw new UnsupportedOperationException("feature not supported");
    }
    requestBody.handOver();
    if (wroteHeader) {
      sendBuffered();
      sendHead();
      flushOut();
    }
    Conn conn = takeOver();
    hijacked = true;
    return conn;
  }

  final boolean isHijacked() {
    return hijacked;
  }

  final void enableFullDuplex() {
    checkOpen();
    head.enableFullDuplex();
  }

  /** The body went beyond a limit: it is not read out, so the connection cannot be kept. */
  final void requestTooLarge() {
    if (!ownsConnection()) {
      return; // the rest of the stream is refused, and others go on
    }
    requestBody.markTooLarge();
    head.closeAfterwards();
    if (!wroteHeader) {
      header().set("Connection", "close");
    }
  }

  /** Whether the handler has returned, so that what is sent is the end. */
  final boolean isDone() {
    return done;
  }

  final @Nullable Headers headers() {
    return headers;
  }

  /** Answers in place of a handler that has refused; false if it has begun to answer itself. */
  boolean refuse(StatusException why) {
    if (wroteHeader || hijacked || broken != null) {
      return false;
    }
    try {
      ServeContent.error(this, String.valueOf(why.getMessage()), why.status());
      return true;
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  /** The handler failed: nothing more is sent. */
  final void abandon() {
    returned = true;
  }

  /** Whether as much of the body was taken as was declared. */
  final boolean isComplete() {
    return isHead
        || head.contentLength() < 0
        || !head.allowsBody()
        || head.contentLength() == written;
  }

  /** Whether the next request may come over this connection, once the body has been read. */
  final boolean keepsConnection() {
    return isComplete() && !tooLong && !head.closesConnection();
  }

  final boolean isBroken() {
    return broken != null;
  }

  private void sendBuffered() throws IOException {
    if (buffered > 0) {
      int n = buffered;
      buffered = 0;
      send(buffer, 0, n);
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
      log.warn(message);
    }
  }
}
