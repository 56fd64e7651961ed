package dev.raddle.net;

import dev.raddle.internal.util.Clock;
import dev.raddle.net.internal.NetFd;
import dev.raddle.net.internal.SocketFault;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A socket for datagrams to and from anybody: Go's {@code net.PacketConn}. Threads, interrupts,
 * deadlines and closing are as for {@link Conn}.
 */
public final class PacketConn implements Closeable {
  private final NetFd fd;
  private final Addr local;

  PacketConn(NetFd fd, Addr local) {
    this.fd = fd;
    this.local = local;
  }

  /**
   * Receives a datagram, waiting for it if need be. Go: {@code ReadFrom}.
   *
   * @param target where it goes; what does not fit is lost
   * @return who sent it, an {@link InetSocketAddress}; of {@code unixgram} a {@link
   *     java.net.UnixDomainSocketAddress}, empty if the sender has no name
   * @throws IOException if the socket is closed, or at the deadline
   */
  public SocketAddress readFrom(ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    try {
      return fd.receive(target);
    } catch (SocketFault e) {
      throw NetException.of("read " + this, "", e);
    }
  }

  /**
   * Sends a datagram. Go: {@code WriteTo}.
   *
   * @param source what is in it, from position to limit; may be empty
   * @param to who gets it, in this socket's network; resolved
   * @throws IOException if the socket is closed, at the deadline, or if it is too large
   * @throws IllegalArgumentException if it is an address of another network
   */
  public void writeTo(ByteBuffer source, SocketAddress to) throws IOException {
    boolean unix = local.network().equals("unixgram");
    if (!(unix ? to instanceof UnixDomainSocketAddress : to instanceof InetSocketAddress)) {
      throw new IllegalArgumentException(
          "write " + this + ": expected an address of " + local.network() + ", found " + to);
    }
    try {
      fd.send(source, to);
    } catch (SocketFault e) {
      throw NetException.of("write " + this + "->" + new Addr(local.network(), to), "", e);
    }
  }

  /**
   * Sets both deadlines, see {@link Conn#setDeadline}.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the socket is closed
   */
  public void setDeadline(@Nullable Duration fromNow) throws IOException {
    deadline(true, true, fromNow);
  }

  /**
   * Sets the deadline of reads, see {@link Conn#setReadDeadline}.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the socket is closed
   */
  public void setReadDeadline(@Nullable Duration fromNow) throws IOException {
    deadline(true, false, fromNow);
  }

  /**
   * Sets the deadline of writes, see {@link Conn#setWriteDeadline}.
   *
   * @param fromNow zero or negative: it has passed; null: none
   * @throws IOException if the socket is closed
   */
  public void setWriteDeadline(@Nullable Duration fromNow) throws IOException {
    deadline(false, true, fromNow);
  }

  private void deadline(boolean input, boolean output, @Nullable Duration fromNow)
      throws IOException {
    try {
      fd.deadline(input, output, fromNow == null ? null : Clock.nanos(fromNow));
    } catch (SocketFault e) {
      throw NetException.of("set " + this, "", e);
    }
  }

  /**
   * Returns the address that it is bound to. Still known after {@link #close}.
   *
   * @return address and port; of {@code unixgram} an unresolved one, its path for the host, port 0
   */
  public InetSocketAddress localAddress() {
    return local.inet();
  }

  /**
   * As {@link #localAddress}; its string is what Go prints. Go: {@code LocalAddr}.
   *
   * @return the address
   */
  public Addr localAddr() {
    return local;
  }

  /** Closes it and wakes those that wait. A second call does nothing. */
  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return local.network() + " " + local;
  }
}
