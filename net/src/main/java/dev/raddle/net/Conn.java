package dev.raddle.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection: Go's {@code net.Conn}. Most are streams; one of {@code udp} sends and receives
 * whole datagrams.
 *
 * <p>One goroutine may read while another one writes. Two readers, or two writers, take turns and
 * see whole calls. {@link #close} may be called from anywhere and wakes both. While it waits, a
 * connection holds no buffer of its own.
 *
 * <p><b>Interrupts.</b> Interrupting a goroutine that waits in {@link #read} or {@link #write}
 * closes the connection, as it does for every JDK channel; the call throws {@link
 * java.nio.channels.ClosedByInterruptException} and the interrupt status stays set.
 *
 * <p><b>Deadlines</b> are distances from now, where Go has instants: a clock that is set does them
 * no harm. A deadline counts for calls that wait already and for all that follow, until it is
 * moved; past it they throw a {@link NetException} with {@link NetException#isTimeout}, at once and
 * without a try. Nothing is lost by that, and after another deadline the connection goes on.
 */
public interface Conn extends Closeable {
  /**
   * Reads at least one byte, waiting for it if need be.
   *
   * @param target where the bytes go; at most {@code target.remaining()} of them
   * @return the number of bytes read; 0 only if {@code target} has no room, or for an empty
   *     datagram; -1 when the peer has finished sending (Go: {@code io.EOF})
   * @throws IOException if the connection is closed, by either side, or broken, or at the deadline
   */
  int read(ByteBuffer target) throws IOException;

  /**
   * As {@link #read(ByteBuffer)}, into a part of an array.
   *
   * @param target where the bytes go
   * @param offset of the first
   * @param length how many at most
   * @return as {@link #read(ByteBuffer)}
   * @throws IOException as {@link #read(ByteBuffer)}
   */
  default int read(byte[] target, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(target, offset, length));
  }

  /**
   * As {@link #read(ByteBuffer)}, into memory outside or inside of the Java heap.
   *
   * @param target where the bytes go, at most 2 GiB of them at once
   * @return as {@link #read(ByteBuffer)}
   * @throws IOException as {@link #read(ByteBuffer)}
   */
  default int read(MemorySegment target) throws IOException {
    return read(Streams.buffer(target, 0));
  }

  /**
   * Writes all bytes from the source's position to its limit, waiting until the last one is handed
   * to the operating system. Like Go's {@code Write} it never writes less without throwing.
   *
   * @param source the bytes; its position advances by what was written. None at all are an empty
   *     datagram of {@code udp}, except on the JDK's channels, which send none
   * @throws IOException if the connection is closed, by either side, or broken, or at the deadline;
   *     some bytes may have been sent, the source's position tells how many
   */
  void write(ByteBuffer source) throws IOException;

  /**
   * As {@link #write(ByteBuffer)}, a part of an array.
   *
   * @param source the bytes
   * @param offset of the first
   * @param length how many
   * @throws IOException as {@link #write(ByteBuffer)}, without telling how many were sent
   */
  default void write(byte[] source, int offset, int length) throws IOException {
    write(ByteBuffer.wrap(source, offset, length));
  }

  /**
   * As {@link #write(ByteBuffer)}, from memory outside or inside of the Java heap.
   *
   * @param source the bytes
   * @throws IOException as {@link #write(ByteBuffer)}, without telling how many were sent
   */
  default void write(MemorySegment source) throws IOException {
    for (long from = 0; from < source.byteSize(); ) {
      ByteBuffer part = Streams.buffer(source, from);
      from += part.remaining();
      write(part);
    }
  }

  /**
   * Writes a part of a file, waiting until the last byte is handed to the operating system. On TCP
   * and Unix sockets the bytes go there by the system itself, without passing through the JVM; what
   * the file is read from may block a thread meanwhile, and others get its right to run. Go: {@code
   * TCPConn.ReadFrom} of a file. Worth it from some 10 KB.
   *
   * @param file not closed by anybody before the return; its position does not count and stays
   * @param position of the first byte
   * @param count how many
   * @return how many were written: fewer if the file ends before
   * @throws IOException as {@link #write(ByteBuffer)}, without telling how many were sent, or if
   *     the file cannot be read
   */
  default long sendFile(FileChannel file, long position, long count) throws IOException {
    return Streams.copy(file, position, count, this);
  }

  /**
   * Waits until {@link #read} has probably something to return, so that a caller needs no buffer
   * before. It may return early, at once even; a failure is left to the read that follows, except
   * for those below.
   *
   * @throws IOException if the connection is closed on this side, or at the read deadline
   */
  default void awaitInput() throws IOException {}

  /**
   * Says whether {@link #read} has probably something to return, so that whoever comes from one
   * read and goes to the next need not give its buffer back in between. Never waits, and makes no
   * system call.
   *
   * @return a guess: the read may wait all the same, for the rest of a record of TLS for example;
   *     false also if nobody knows
   */
  default boolean hasInput() {
    return false;
  }

  /**
   * Ends the sending direction: the peer reads the end of the stream, and may go on sending. Go:
   * {@code TCPConn.CloseWrite}.
   *
   * @throws IOException if the connection is already closed, or is no stream
   */
  void closeWrite() throws IOException;

  /**
   * Ends the receiving direction: reads return -1, after what has arrived already. The peer is not
   * told. Go: {@code TCPConn.CloseRead}.
   *
   * @throws IOException if the connection is already closed, or is no stream
   * @throws UnsupportedOperationException if this kind of connection cannot do it
   */
  default void closeRead() throws IOException {
    throw new UnsupportedOperationException("closeRead: " + getClass().getName());
  }

  /**
   * Sets both deadlines. Go: {@code SetDeadline}.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the connection is closed
   * @throws UnsupportedOperationException if this kind of connection has no deadlines
   */
  default void setDeadline(@Nullable Duration fromNow) throws IOException {
    setReadDeadline(fromNow);
    setWriteDeadline(fromNow);
  }

  /**
   * Sets the deadline of reads. Go: {@code SetReadDeadline}.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the connection is closed
   * @throws UnsupportedOperationException if this kind of connection has no deadlines
   */
  default void setReadDeadline(@Nullable Duration fromNow) throws IOException {
    throw new UnsupportedOperationException("setReadDeadline: " + getClass().getName());
  }

  /**
   * Sets the deadline of writes. Go: {@code SetWriteDeadline}. A write that fails at its deadline
   * may have sent a part.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the connection is closed
   * @throws UnsupportedOperationException if this kind of connection has no deadlines
   */
  default void setWriteDeadline(@Nullable Duration fromNow) throws IOException {
    throw new UnsupportedOperationException("setWriteDeadline: " + getClass().getName());
  }

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
   * @return address and port; of a Unix socket an unresolved address with its path for the host,
   *     see {@link #localAddr}
   */
  InetSocketAddress localAddress();

  /**
   * Returns the address of the other end. Never blocks; still known after {@link #close}.
   *
   * @return address and port; {@link HostPort#of} renders it as Go does. Of a Unix socket as {@link
   *     #localAddress}
   */
  InetSocketAddress remoteAddress();

  /**
   * Returns the address of this end, of whatever kind. Go: {@code LocalAddr}.
   *
   * @return the address; its string is what Go prints
   */
  default Addr localAddr() {
    return new Addr("tcp", localAddress());
  }

  /**
   * Returns the address of the other end, of whatever kind. Go: {@code RemoteAddr}.
   *
   * @return the address; its string is what Go prints
   */
  default Addr remoteAddr() {
    return new Addr("tcp", remoteAddress());
  }

  /**
   * Views the receiving direction as a stream. Closing the stream closes the connection.
   *
   * @return reads from here, without a buffer of its own
   */
  default InputStream inputStream() {
    return new Streams.Input(this);
  }

  /**
   * Views the sending direction as a stream. Closing the stream closes the connection.
   *
   * @return writes to here, without a buffer of its own
   */
  default OutputStream outputStream() {
    return new Streams.Output(this);
  }

  /**
   * Views the connection as a channel of {@code java.nio}. Closing the channel closes the
   * connection.
   *
   * @return reads from and writes to here; a write writes all
   */
  default ByteChannel channel() {
    return new Streams.Channel(this);
  }
}
