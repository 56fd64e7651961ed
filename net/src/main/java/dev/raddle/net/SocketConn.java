package dev.raddle.net;

import dev.raddle.internal.util.Clock;
import dev.raddle.net.internal.NetFd;
import dev.raddle.net.internal.SocketFault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection on a socket. */
final class SocketConn implements Conn {
  private final NetFd fd;
  private final Addr local;
  private final Addr remote;

  SocketConn(NetFd fd, Addr local, Addr remote) {
    this.fd = fd;
    this.local = local;
    this.remote = remote;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    try {
      return fd.read(target);
    } catch (SocketFault e) {
      throw failed("read", e);
    }
  }

  @Override
  public void awaitInput() throws IOException {
    try {
      fd.awaitInput();
    } catch (SocketFault e) {
      throw failed("read", e);
    }
  }

  @Override
  public boolean hasInput() {
    return fd.hasInput();
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    try {
      fd.write(source);
    } catch (SocketFault e) {
      throw failed("write", e);
    }
  }

  @Override
  public long sendFile(FileChannel file, long position, long count) throws IOException {
    if (isStream()) {
      try {
        long sent = fd.sendFile(file, position, count);
        if (sent >= 0) {
          return sent;
        }
      } catch (SocketFault e) {
        throw failed("write", e);
      }
    }
    return Conn.super.sendFile(file, position, count);
  }

  private boolean isStream() {
    return local.network().equals("tcp") || local.network().equals("unix");
  }

  private IOException failed(String operation, SocketFault e) {
    return NetException.of(operation + " " + this, "", e);
  }

  @Override
  public void closeWrite() throws IOException {
    shutdown(false);
  }

  @Override
  public void closeRead() throws IOException {
    shutdown(true);
  }

  private void shutdown(boolean input) throws IOException {
    String network = local.network();
    if (network.equals("udp") || network.equals("unixgram")) {
      throw NetException.failed("close " + this, "a stream was expected, found " + network, null);
    }
    try {
      fd.shutdown(input);
    } catch (SocketFault e) {
      throw failed("close", e);
    }
  }

  @Override
  public void setDeadline(@Nullable Duration fromNow) throws IOException {
    deadline(true, true, fromNow);
  }

  @Override
  public void setReadDeadline(@Nullable Duration fromNow) throws IOException {
    deadline(true, false, fromNow);
  }

  @Override
  public void setWriteDeadline(@Nullable Duration fromNow) throws IOException {
    deadline(false, true, fromNow);
  }

  private void deadline(boolean input, boolean output, @Nullable Duration fromNow)
      throws IOException {
    try {
      fd.deadline(input, output, fromNow == null ? null : Clock.nanos(fromNow));
    } catch (SocketFault e) {
      throw failed("set", e);
    }
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public InetSocketAddress localAddress() {
    return local.inet();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote.inet();
  }

  @Override
  public Addr localAddr() {
    return local;
  }

  @Override
  public Addr remoteAddr() {
    return remote;
  }

  @Override
  public String toString() {
    return local.network() + " " + local + "->" + remote;
  }
}
