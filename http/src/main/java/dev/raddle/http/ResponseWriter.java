package dev.raddle.http;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers with: Go's {@code http.ResponseWriter}, with {@code http.Flusher}.
 *
 * <p>Headers first, then {@link #writeHeader}, then {@link #write}; each step implies the ones
 * before it. The first 2048 bytes of the body are held back. A body that fits is sent with its
 * length, a longer one in chunks, or to an HTTP/1.0 client until the connection closes.
 *
 * <p><b>Errors.</b> When the client is gone, a call that sends throws {@link
 * java.io.UncheckedIOException}, so that a handler which streams comes to an end; the server does
 * not log it. What breaks HTTP's rules, a body for a HEAD request, for status 204 or 304, or beyond
 * the declared Content-Length, is not sent, as in Go, and for the last three logged once.
 *
 * <p>It is an interface so that a handler can wrap the writer that it passes on.
 */
public interface ResponseWriter {
  /**
   * Returns the header lines to be sent. Changing them after {@link #writeHeader} or the first
   * write has no effect.
   *
   * @return the lines themselves
   */
  Headers header();

  /**
   * Sets the status and freezes the headers. A handler that never calls this answers 200.
   *
   * <p>A status from 102 to 199, or 100, is sent at once with the headers set so far, and another
   * call may follow. A second call with another status is logged and has no effect.
   *
   * @param status three digits
   * @throws IllegalArgumentException if it has not three digits
   */
  void writeHeader(int status);

  /**
   * Adds bytes to the body. Blocks while the client does not take what has to be sent.
   *
   * @param bytes holds the bytes; free again when the call returns
   * @param offset the first one
   * @param length how many
   * @throws NullPointerException if there are no bytes; nothing has been sent or set then
   * @throws IndexOutOfBoundsException if the range is not within the array
   * @throws java.io.UncheckedIOException if the client is gone
   * @throws IllegalStateException if the handler has returned
   */
  void write(byte[] bytes, int offset, int length);

  /**
   * Adds bytes to the body. See {@link #write(byte[], int, int)}.
   *
   * @param bytes the bytes
   */
  default void write(byte[] bytes) {
    Objects.requireNonNull(bytes, "write: expected a string or bytes, found null");
    write(bytes, 0, bytes.length);
  }

  /**
   * Adds text to the body, in UTF-8. See {@link #write(byte[], int, int)}.
   *
   * @param text the text
   */
  default void write(String text) {
    Objects.requireNonNull(text, "write: expected a string or bytes, found null");
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends what has been written so far, the headers too. Go: {@code Flusher.Flush}.
   *
   * @throws java.io.UncheckedIOException if the client is gone
   * @throws IllegalStateException if the handler has returned
   */
  void flush();

  /**
   * Returns what this one wraps, for {@link ResponseController}. A handler that wraps the writer
   * should implement this. Go: the method {@code Unwrap}.
   *
   * @return null if there is nothing below
   */
  default @Nullable ResponseWriter unwrap() {
    return null;
  }

  /**
   * Returns the body as a stream, for what writes to streams. Closing it does nothing.
   *
   * @return a view; its methods throw as {@link #write(byte[], int, int)} and {@link #flush} do
   */
  default OutputStream stream() {
    return new ResponseStream(this);
  }
}
