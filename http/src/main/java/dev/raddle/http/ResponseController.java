package dev.raddle.http;

import dev.raddle.net.Conn;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a handler can do beyond {@link ResponseWriter}: Go's {@code http.ResponseController}. It
 * finds the server's own writer through {@link ResponseWriter#unwrap}. Used by the handler's
 * goroutine, before the handler returns.
 */
public final class ResponseController {
  private final ResponseWriter writer;

  /**
   * Makes one.
   *
   * @param writer what the handler was given
   */
  public ResponseController(ResponseWriter writer) {
    this.writer = writer;
  }

  /**
   * Sends what has been written so far. As {@link ResponseWriter#flush}, but checked.
   *
   * @throws IOException if the client is gone
   */
  public void flush() throws IOException {
    try {
      writer.flush();
    } catch (java.io.UncheckedIOException e) {
      throw new IOException(e.getMessage(), e.getCause());
    }
  }

  /**
   * Takes the connection over. The server does nothing with it any more: it is the caller's to
   * read, write and close, also after the handler has returned. What has been written is sent
   * first, if the header was written; reads return first what the server has read ahead. Deadlines
   * that the server has set do not hold any more. Go: {@code Hijack}.
   *
   * @return the connection
   * @throws UnsupportedOperationException if the writer is not a server's, or the connection is one
   *     of HTTP/2, which others use, too
   * @throws IllegalStateException if it has been done before, or the handler has returned
   * @throws IOException if the connection is broken
   */
  public Conn hijack() throws IOException {
    return response().hijack();
  }

  /**
   * Sets until when the body of the request can be read. A read that waits longer fails with {@link
   * java.net.SocketTimeoutException}; after it the response can still be written. Go: {@code
   * SetReadDeadline}.
   *
   * @param deadline a time; null for none. The next request starts with the server's own
   * @throws UnsupportedOperationException if the writer is not a server's
   */
  public void setReadDeadline(@Nullable Instant deadline) {
    response().setReadDeadline(nanoTime(deadline));
  }

  /**
   * Sets until when the response can be written. A write that waits longer, or comes later, fails;
   * the connection is of no use then. Go: {@code SetWriteDeadline}.
   *
   * @param deadline a time; null for none. The next request starts with the server's own
   * @throws UnsupportedOperationException if the writer is not a server's
   */
  public void setWriteDeadline(@Nullable Instant deadline) {
    response().setWriteDeadline(nanoTime(deadline));
  }

  /**
   * Says that the handler reads the body while it writes the response. Without this an HTTP/1
   * server reads what is left of the body before it begins to respond. Go: {@code
   * EnableFullDuplex}.
   *
   * @throws UnsupportedOperationException if the writer is not a server's
   */
  public void enableFullDuplex() {
    response().enableFullDuplex();
  }

  private static long nanoTime(@Nullable Instant deadline) {
    return deadline == null ? 0 : Deadline.in(Duration.between(Instant.now(), deadline).toNanos());
  }

  private ServerResponse response() {
    ResponseWriter w = writer;
    while (w != null) {
      if (w instanceof ServerResponse response) {
        return response;
      }
      w = w.unwrap();
    }
    throw new UnsupportedOperationException("feature not supported");
  }
}
