package dev.raddle.http;

import dev.raddle.http.spi.ServerStream;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response over a connection of streams, which know where a body ends. */
final class StreamResponse extends ServerResponse {
  private static final int BODY_BUFFER_BYTES = 4096; // Go's handlerChunkWriteSize

  private final ServerStream stream;
  private boolean ended;

  StreamResponse(
      ServerStream stream, ResponseHead head, boolean isHead, RequestBody body, Log log) {
    super(new byte[BODY_BUFFER_BYTES], head, isHead, body, log);
    this.stream = stream;
  }

  @Override
  void sendInterim(int status, @Nullable Headers set) throws IOException {
    stream.writeHead(status, head.interimLines(set), false);
  }

  @Override
  void send(byte[] bytes, int offset, int length) throws IOException {
    sendHead(bytes, offset, length, false);
    if (!isHead) {
      stream.writeBody(bytes, offset, length, false);
    }
  }

  @Override
  void sendHead() throws IOException {
    sendHead(buffer, 0, 0, false);
  }

  private void sendHead(byte[] bytes, int offset, int length, boolean last) throws IOException {
    if (!head.isWritten()) {
      List<String> lines = head.lines(bytes, offset, length, isDone());
      ended = last || isHead;
      stream.writeHead(head.status(), lines, ended);
    }
  }

  @Override
  void flushOut() throws IOException {
    stream.flush();
  }

  @Override
  void sendLast(int length) throws IOException {
    if (!isComplete()) {
      if (length > 0) {
        send(buffer, 0, length); // as Go; the client sees what is missing
      }
      sendHead();
      throw new IOException("http: wrote less than the declared Content-Length");
    }
    List<String> trailer = head.trailerLines(headers());
    boolean last = trailer.isEmpty();
    sendHead(buffer, 0, length, last && length == 0);
    if (!ended && (length > 0 || last)) {
      stream.writeBody(buffer, 0, length, last);
      ended = last;
    }
    if (!ended) {
      stream.writeTrailer(trailer);
    }
    stream.flush();
  }

  @Override
  boolean sendsFiles() {
    return false; // they share the socket with other streams
  }

  @Override
  long sendFileOut(FileChannel file, long position, long count) {
    throw new UnsupportedOperationException("a stream copies files");
  }

  @Override
  void setReadDeadline(long nanoTime) {
    stream.setReadDeadline(nanoTime);
  }

  @Override
  void setWriteDeadline(long nanoTime) {
    stream.setWriteDeadline(nanoTime);
  }

  @Override
  Conn takeOver() {
    throw new UnsupportedOperationException("feature not supported");
  }

  @Override
  boolean ownsConnection() {
    return false;
  }
}
