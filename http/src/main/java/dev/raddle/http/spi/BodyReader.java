package dev.raddle.http.spi;

import java.io.IOException;
import java.util.List;

/** Where the body of a request comes from. Used by one goroutine at a time. */
public interface BodyReader {
  /**
   * Reads a part of the body, waiting for at least one byte.
   *
   * @param target where the bytes go
   * @param offset the first place
   * @param length at most this many; more than 0
   * @return how many were read, -1 at the end of the body
   * @throws java.io.EOFException if the client stopped in the middle
   * @throws java.net.SocketTimeoutException at a deadline
   * @throws IOException if the framing is wrong or the connection is broken
   */
  int readBody(byte[] target, int offset, int length) throws IOException;

  /**
   * Says whether the body has been read to its end.
   *
   * @return true if {@link #readBody} has nothing more to give
   */
  boolean isComplete();

  /**
   * Returns how much of a body of known length is still to be read.
   *
   * @return the number of bytes; 0 if it is not known
   */
  default long unread() {
    return 0;
  }

  /**
   * Returns the header lines behind the body, once that has been read.
   *
   * @return name, value, name, value and so on
   */
  List<String> trailer();
}
