package dev.raddle.http.spi;

import dev.raddle.http.Http2Config;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A server's connection as a {@link ServerSession} sees it. One goroutine may read while another
 * one writes; the other methods are called from any thread.
 */
public interface ServerLink {
  /**
   * Reads at least one byte, waiting for it. No limit of time holds but those below.
   *
   * @param target where they go
   * @return how many were read, -1 at the end
   * @throws IOException if the connection is broken or closed
   */
  int read(ByteBuffer target) throws IOException;

  /**
   * Waits until {@link #read} has probably something to return, so that a buffer is needed only
   * then.
   *
   * @throws IOException if the connection is closed
   */
  void awaitInput() throws IOException;

  /**
   * Writes all bytes of a buffer. A client that takes nothing for {@link #stallNanos} is given up.
   *
   * @param source the bytes
   * @throws IOException if the connection is broken or closed
   */
  void write(ByteBuffer source) throws IOException;

  /**
   * Ends the sending direction.
   *
   * @throws IOException if the connection is broken or closed
   */
  void closeWrite() throws IOException;

  /** Closes the connection, and wakes who reads or writes. */
  void close();

  /**
   * Closes the connection in a while, if it is still open then: time for the client to read what
   * was sent last.
   */
  void closeSoon();

  /** The client has shown that it speaks the protocol: the time for the first head is over. */
  void greeted();

  /** A request has come while there was none: the connection is not idle any more. */
  void active();

  /** There is no request any more: {@link ServerSession#expire} after the idle timeout. */
  void idle();

  /**
   * Prepares an answer. Does not block.
   *
   * @param request the head of the request
   * @param stream the rest of it, and where the response goes
   * @return to be run on a goroutine of its own
   */
  StreamExchange exchange(StreamRequest request, ServerStream stream);

  /**
   * Returns the limits of HTTP/2 that the server was told.
   *
   * @return the limits
   */
  Http2Config http2();

  /**
   * Returns how long a head may be.
   *
   * @return in bytes
   */
  int maxHeaderBytes();

  /**
   * Returns how long a body may stand still, in either direction.
   *
   * @return in nanoseconds; 0 for no limit
   */
  long stallNanos();

  /**
   * Writes a line to the server's log.
   *
   * @param message what happened; the address of the client is added
   */
  void warn(String message);
}
