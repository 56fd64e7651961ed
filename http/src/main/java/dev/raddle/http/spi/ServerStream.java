package dev.raddle.http.spi;

import java.io.IOException;
import java.util.List;

/**
 * One request and its response on a connection of several. The server reads the body from it and
 * writes the response to it, each from one goroutine at a time. Lines are name, value, name, value
 * and so on, one char a byte.
 */
public interface ServerStream extends BodyReader {
  /**
   * Writes a head, which may be held back until more follows or {@link #flush}; one of the 1xx kind
   * is sent at once.
   *
   * @param status three digits; another head follows one of the 1xx kind
   * @param lines the header lines
   * @param last whether that was the response
   * @throws IOException if the stream or the connection is broken, or at the write deadline
   */
  void writeHead(int status, List<String> lines, boolean last) throws IOException;

  /**
   * Sends a part of the body, waiting until the client takes it.
   *
   * @param bytes holds the bytes; free again when the call returns
   * @param offset the first one
   * @param length how many
   * @param last whether that was the response
   * @throws IOException as {@link #writeHead}
   */
  void writeBody(byte[] bytes, int offset, int length, boolean last) throws IOException;

  /**
   * Sends the lines behind the body, with which the response ends.
   *
   * @param lines the header lines
   * @throws IOException as {@link #writeHead}
   */
  void writeTrailer(List<String> lines) throws IOException;

  /**
   * Sends what is held back.
   *
   * @throws IOException as {@link #writeHead}
   */
  void flush() throws IOException;

  /**
   * Sets until when reads wait, those that wait already included.
   *
   * @param nanoTime as System.nanoTime; 0 for no limit
   */
  void setReadDeadline(long nanoTime);

  /**
   * Sets until when writes wait, those that wait already included.
   *
   * @param nanoTime as System.nanoTime; 0 for no limit
   */
  void setWriteDeadline(long nanoTime);

  /**
   * Ends the stream; if the response was not complete, the client is told that it never will be.
   */
  void end();
}
