package dev.raddle.net.internal;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The JDK's channels, wherever Java runs. */
final class JdkBackend extends Backend {
  JdkBackend() {
    super("jdk");
  }

  @Override
  public NetFd listen(
      SocketAddress address, @Nullable StandardProtocolFamily family, boolean messages, int backlog)
      throws SocketFault {
    refuse(messages, "unixpacket needs");
    refuseAbstract(address);
    ServerSocketChannel channel = null;
    try {
      channel =
          address instanceof UnixDomainSocketAddress
              ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
              : family == null ? ServerSocketChannel.open() : ServerSocketChannel.open(family);
      channel.bind(address, backlog);
      return JdkFd.of(channel);
    } catch (IOException | UnsupportedOperationException e) {
      throw closed(channel, e);
    }
  }

  @Override
  public NetFd stream(SocketAddress peer, boolean messages) throws SocketFault {
    refuse(messages, "unixpacket needs");
    refuseAbstract(peer);
    SocketChannel channel = null;
    try {
      if (peer instanceof UnixDomainSocketAddress) {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        return JdkFd.of(channel);
      }
      channel = SocketChannel.open();
      return prepared(JdkFd.of(channel));
    } catch (IOException | UnsupportedOperationException e) {
      throw closed(channel, e);
    }
  }

  @Override
  public NetFd datagram(@Nullable SocketAddress bind, @Nullable StandardProtocolFamily family)
      throws SocketFault {
    refuse(family == StandardProtocolFamily.UNIX, "unixgram needs");
    DatagramChannel channel = null;
    try {
      channel = family == null ? DatagramChannel.open() : DatagramChannel.open(family);
      channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
      if (bind != null) {
        channel.bind(bind);
      }
      return JdkFd.of(channel);
    } catch (IOException | UnsupportedOperationException e) {
      throw closed(channel, e);
    }
  }

  @Override
  SocketFault exhausted() {
    return SocketFault.of(new IOException("Too many open files"));
  }

  private static void refuseAbstract(SocketAddress address) throws SocketFault {
    refuse(
        address instanceof UnixDomainSocketAddress && address.toString().startsWith("@"),
        "abstract names need");
  }

  private static void refuse(boolean unknown, String what) throws SocketFault {
    if (unknown) {
      throw SocketFault.of(new IOException(what + " epoll, found the JDK's channels"));
    }
  }

  private static SocketFault closed(@Nullable SelectableChannel channel, Exception e) {
    IOException why = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
    if (channel != null) {
      JdkFd.closeQuietly(channel, why);
    }
    return SocketFault.of(why);
  }
}
