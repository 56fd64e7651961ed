package dev.raddle.http.spi;

import java.io.IOException;
import java.util.List;

/**
 * One request and its response on a connection of several. One goroutine sends while another one
 * receives; {@link #cancel} is called from any thread. Lines are name, value, name, value and so
 * on, one char a byte. Interrupting who waits here ends the stream, and leaves the connection.
 */
public interface ClientStream {
  /**
   * Sends the head of the request. Does not wait for the network.
   *
   * @param head what is asked for
   * @param last whether that was the request
   * @throws UnansweredException if the connection takes no more requests
   * @throws IOException if the head is longer than the server allows
   */
  void writeHead(StreamRequest head, boolean last) throws IOException;

  /**
   * Sends a part of the body, waiting until the server has room for it.
   *
   * @param bytes holds the bytes; free again when the call returns
   * @param offset the first one
   * @param length how many
   * @param last whether that was the request
   * @throws IOException if the server wants no more of it, or the stream has ended
   */
  void writeBody(byte[] bytes, int offset, int length, boolean last) throws IOException;

  /**
   * Sends the lines behind the body, with which the request ends.
   *
   * @param lines the header lines
   * @throws IOException as {@link #writeBody}
   */
  void writeTrailer(List<String> lines) throws IOException;

  /**
   * Waits for the next head of the response: any number of the 1xx kind, and the one that counts.
   *
   * @param deadline as System.nanoTime; 0 for no limit
   * @return the head
   * @throws java.net.SocketTimeoutException at the deadline
   * @throws UnansweredException if there will be none
   * @throws IOException if the response is malformed, or the stream or the connection has ended
   */
  StreamHead readHead(long deadline) throws IOException;

  /**
   * Reads a part of the response's body, waiting for at least one byte.
   *
   * @param target where the bytes go
   * @param offset the first place
   * @param length at most this many; more than 0
   * @return how many were read, -1 at the end of the body
   * @throws java.io.EOFException if the body is shorter than was said
   * @throws IOException if the stream or the connection has ended before
   */
  int readBody(byte[] target, int offset, int length) throws IOException;

  /**
   * Returns the lines behind the body, once that has been read to its end.
   *
   * @return the header lines
   */
  List<String> trailer();

  /**
   * Makes the head of the request, which has not been sent, the last one of its connection: that
   * takes no more, and ends with those that are there.
   */
  void closeConnectionAfterwards();

  /**
   * Ends the stream: the server is told that the response is of no use any more, unless all of it
   * has come, and who waits here gets an IOException. The second call does nothing.
   */
  void cancel();
}
