package dev.raddle.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/** A connection on a JDK channel in blocking mode; the JDK's pollers park a waiting goroutine. */
final class TcpConn implements Conn {
  private static final int KEEP_ALIVE_SECONDS = 15; // Go's defaults, net.KeepAliveConfig
  private static final int KEEP_ALIVE_PROBES = 9;

  private final SocketChannel channel;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;

  TcpConn(SocketChannel channel) throws IOException {
    this.channel = channel;
    local = (InetSocketAddress) channel.getLocalAddress();
    remote = (InetSocketAddress) channel.getRemoteAddress();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    try {
      channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_SECONDS);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_SECONDS);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
    } catch (UnsupportedOperationException e) {
      // This system has no such knobs; keep-alive is on with the system's own times.
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      if (channel.write(source) < 0) {
        throw new EOFException("write tcp " + this + ": connection is closed");
      }
    }
  }

  @Override
  public void closeWrite() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public String toString() {
    return HostPort.of(local) + "->" + HostPort.of(remote);
  }
}
