package dev.raddle.http.internal;

import java.util.Arrays;
import java.util.List;

/** The request line and the header lines as they came, and what they say about the connection. */
public final class RequestHead {
  /** The request's method, in the case it was sent. */
  public String method = "";

  /** The request target, not decoded. */
  public String target = "";

  /** True for HTTP/1.1 and what came after it, false for HTTP/1.0. */
  public boolean http11;

  /** True for HTTP/2. */
  public boolean http2;

  /** The Host header; empty if there is none, which only HTTP/1.0 allows. */
  public String host = "";

  /** The length of the body: 0 if there is none, -1 if it is chunked. */
  public long contentLength;

  /** Whether a Connection header has the token {@code close}. */
  public boolean wantsClose;

  /** Whether a Connection header has the token {@code keep-alive}. */
  public boolean wantsKeepAlive;

  /** The Expect header, or empty. */
  public String expect = "";

  /** Header names announced for behind the body, canonical; empty if there are none. */
  public List<String> announced = List.of();

  private String[] lines = new String[8];
  private int size;

  /**
   * Adds a header line.
   *
   * @param name in canonical case
   * @param value decoded
   */
  public void add(String name, String value) {
    if (size == lines.length) {
      lines = Arrays.copyOf(lines, size * 2);
    }
    lines[size++] = name;
    lines[size++] = value;
  }

  /**
   * Returns the header lines: name, value, name, value and so on, in the order in which they came,
   * names in canonical case. Host and Transfer-Encoding are not among them, as in Go.
   *
   * @return the array itself, of which the first {@link #size} elements count
   */
  public String[] lines() {
    return lines;
  }

  /**
   * Returns how many elements of {@link #lines} count.
   *
   * @return twice the number of header lines
   */
  public int size() {
    return size;
  }
}
