package dev.raddle.http;

import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client's connection on a JDK channel in blocking mode; its pollers park the goroutine. */
final class SocketConn implements Conn {
  private final SocketChannel channel;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;

  private SocketConn(SocketChannel channel) throws IOException {
    this.channel = channel;
    local = (InetSocketAddress) channel.getLocalAddress();
    remote = (InetSocketAddress) channel.getRemoteAddress();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  static Conn dial(String address) throws IOException {
    HostPort hostPort = HostPort.parse(address);
    int port;
    try {
      port = Integer.parseInt(hostPort.port());
    } catch (NumberFormatException e) {
      throw new IOException("dial tcp: invalid port, expected 0 to 65535, found " + address, e);
    }
    InetSocketAddress target = new InetSocketAddress(hostPort.host(), port);
    if (target.isUnresolved()) {
      throw new IOException("dial tcp: lookup " + hostPort.host() + ": no such host");
    }
    SocketChannel channel = SocketChannel.open();
    try {
      channel.connect(target);
      return new SocketConn(channel);
    } catch (IOException e) {
      channel.close();
      throw new IOException("dial tcp " + HostPort.of(target) + ": " + e.getMessage(), e);
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
