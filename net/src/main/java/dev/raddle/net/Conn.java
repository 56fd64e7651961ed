package dev.raddle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A stream connection: Go's {@code net.Conn}.
 *
 * <p>One goroutine may read while another one writes. Two readers, or two writers, take turns and
 * see whole calls. {@link #close} may be called from anywhere and wakes both.
 *
 * <p><b>Interrupts.</b> Interrupting a goroutine that waits in {@link #read} or {@link #write}
 * closes the connection, as it does for every JDK channel; the call throws {@link
 * java.nio.channels.ClosedByInterruptException} and the interrupt status stays set.
 */
public interface Conn extends Closeable {
  /**
   * Reads at least one byte, waiting for it if need be.
   *
   * @param target where the bytes go; at most {@code target.remaining()} of them
   * @return the number of bytes read; 0 only if {@code target} has no room; -1 when the peer has
   *     finished sending (Go: {@code io.EOF})
   * @throws IOException if the connection is closed, by either side, or broken
   */
  int read(ByteBuffer target) throws IOException;

  /**
   * Writes all bytes from the source's position to its limit, waiting until the last one is handed
   * to the operating system. Like Go's {@code Write} it never writes less without throwing.
   *
   * @param source the bytes; its position advances by what was written
   * @throws IOException if the connection is closed, by either side, or broken; some bytes may have
   *     been sent, the source's position tells how many
   */
  void write(ByteBuffer source) throws IOException;

  /**
   * Ends the sending direction: the peer reads the end of the stream, and may go on sending. Go:
   * {@code TCPConn.CloseWrite}.
   *
   * @throws IOException if the connection is already closed
   */
  void closeWrite() throws IOException;

  /**
   * Closes both directions and wakes goroutines that wait in {@link #read} or {@link #write}; they
   * get an {@link IOException}. A second call does nothing.
   *
   * @throws IOException if the operating system reports an error; the connection is gone anyway
   */
  @Override
  void close() throws IOException;

  /**
   * Returns the address of this end. Never blocks; still known after {@link #close}.
   *
   * @return address and port
   */
  InetSocketAddress localAddress();

  /**
   * Returns the address of the other end. Never blocks; still known after {@link #close}.
   *
   * @return address and port; {@link HostPort#of} renders it as Go does
   */
  InetSocketAddress remoteAddress();
}
