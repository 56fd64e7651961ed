package dev.raddle.http.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Gathers what goes out, so that a small response is one write. Used by one thread at a time. */
public final class Output {
  private static final int BUFFER_BYTES = 4096; // as Go's: a head and a small body fit

  /** Where the bytes go. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Writes all bytes of a buffer.
     *
     * @param source the bytes
     * @throws IOException if the connection is broken
     */
    void write(ByteBuffer source) throws IOException;
  }

  private Sink sink;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(bytes);
  private int size;

  /**
   * Makes an empty buffer.
   *
   * @param sink the connection
   */
  public Output(Sink sink) {
    this.sink = sink;
  }

  /**
   * Writes to another connection from now on; what was gathered for the last one is dropped.
   *
   * @param newSink the connection
   */
  public void connect(Sink newSink) {
    sink = newSink;
    size = 0;
  }

  /**
   * Appends bytes.
   *
   * @param source holds them
   * @throws IOException if the connection is broken
   */
  public void write(byte[] source) throws IOException {
    write(source, 0, source.length);
  }

  /**
   * Appends bytes.
   *
   * @param source holds them
   * @param offset the first one
   * @param length how many
   * @throws IOException if the connection is broken
   */
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length > BUFFER_BYTES - size) {
      flush();
      if (length >= BUFFER_BYTES) {
        sink.write(ByteBuffer.wrap(source, offset, length));
        return;
      }
    }
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /**
   * Appends text that is ASCII.
   *
   * @param text the low eight bits of each char go out
   * @throws IOException if the connection is broken
   */
  @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is the copy that is meant here
  public void ascii(String text) throws IOException {
    int from = 0;
    while (from < text.length()) {
      if (size == BUFFER_BYTES) {
        flush();
      }
      int n = Math.min(text.length() - from, BUFFER_BYTES - size);
      text.getBytes(from, from + n, bytes, size);
      size += n;
      from += n;
    }
  }

  /**
   * Appends a number.
   *
   * @param value not negative
   * @param radix 10 or 16
   * @throws IOException if the connection is broken
   */
  public void number(long value, int radix) throws IOException {
    if (BUFFER_BYTES - size < 20) {
      flush();
    }
    int digits = 1;
    for (long rest = value / radix; rest != 0; rest /= radix) {
      digits++;
    }
    long rest = value;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) Character.forDigit((int) (rest % radix), radix);
      rest /= radix;
    }
    size += digits;
  }

  /**
   * Sends what has been gathered, waiting until the operating system has taken it.
   *
   * @throws IOException if the connection is broken
   */
  public void flush() throws IOException {
    if (size > 0) {
      view.limit(size).position(0);
      size = 0;
      sink.write(view);
    }
  }
}
