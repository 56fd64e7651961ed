package dev.raddle.http;

import dev.raddle.http.internal.Output;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A response over HTTP/1: a head, and a body of known length, in chunks, or until the close. */
final class Http1Response extends ServerResponse {
  /** What of the body is held back; Go's bufferBeforeChunkingSize. */
  static final int BODY_BUFFER_BYTES = 2048;

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};

  private final ServerConnection connection;
  private final Output out;

  /** The buffer is the connection's, {@link #BODY_BUFFER_BYTES} long. */
  Http1Response(
      ServerConnection connection,
      Output out,
      byte[] buffer,
      ResponseHead head,
      boolean isHead,
      RequestBody body) {
    super(buffer, head, isHead, body, connection.log());
    this.connection = connection;
    this.out = out;
  }

  @Override
  void sendInterim(int status, @Nullable Headers set) throws IOException {
    head.writeInterim(out, status, set);
    out.flush();
  }

  @Override
  void send(byte[] bytes, int offset, int length) throws IOException {
    if (!head.isWritten()) {
      head.write(out, requestBody, bytes, offset, length, isDone());
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

  @Override
  void sendHead() throws IOException {
    if (!head.isWritten()) {
      head.write(out, requestBody, buffer, 0, 0, isDone());
    }
  }

  @Override
  void flushOut() throws IOException {
    out.flush();
  }

  @Override
  void sendLast(int length) throws IOException {
    if (length > 0) {
      send(buffer, 0, length);
    }
    sendHead();
    if (head.isChunked()) {
      out.write(LAST_CHUNK);
      head.writeTrailers(out, headers());
    }
    out.flush();
  }

  @Override
  boolean sendsFiles() {
    return connection.sendsFiles();
  }

  @Override
  long sendFileOut(FileChannel file, long position, long count) throws IOException {
    return connection.sendFile(file, position, count);
  }

  @Override
  void setReadDeadline(long nanoTime) {
    connection.setReadDeadline(nanoTime);
  }

  @Override
  void setWriteDeadline(long nanoTime) {
    connection.setWriteDeadline(nanoTime);
  }

  @Override
  Conn takeOver() throws IOException {
    return connection.hijack();
  }

  @Override
  boolean ownsConnection() {
    return true;
  }
}
