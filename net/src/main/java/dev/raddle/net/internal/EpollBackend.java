package dev.raddle.net.internal;

import dev.raddle.internal.sched.Sched;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Linux's own calls, polled by the scheduler. */
final class EpollBackend extends Backend {
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_BROADCAST = 6;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  EpollBackend() {
    super("epoll");
  }

  /** Why it cannot be used here; null if it can. */
  static @Nullable String whyNot() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    if (!"Linux".equals(os) || !Set.of("amd64", "aarch64").contains(arch)) {
      return "epoll is known on Linux, amd64 and aarch64; found " + os + ", " + arch;
    }
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return "a little-endian machine was expected";
    }
    if (!Sched.OWN) {
      return String.valueOf(Sched.whyNotOwn());
    }
    if (!EpollBackend.class.getModule().isNativeAccessEnabled()) {
      return "the JDK allows no native calls; start Java with --enable-native-access=ALL-UNNAMED";
    }
    try {
      Epoll.probe();
      return null;
    } catch (SocketFault | RuntimeException | LinkageError e) {
      return "epoll failed: " + e;
    }
  }

  @Override
  public NetFd listen(
      SocketAddress address, @Nullable StandardProtocolFamily family, boolean messages, int backlog)
      throws SocketFault {
    EpollFd fd = open(address, family, connected(messages));
    try {
      if (fd.family != SockAddr.AF_UNIX) {
        fd.option(SOL_SOCKET, SO_REUSEADDR, 1);
        prepare(fd); // Linux hands these options on to what is accepted
      }
      fd.bind(address);
      fd.listen(backlog);
    } catch (SocketFault e) {
      Libc.call(Libc.CLOSE, fd.number, 0, 0);
      throw e;
    }
    return fd.register();
  }

  @Override
  public NetFd stream(SocketAddress peer, boolean messages) throws SocketFault {
    int family =
        peer instanceof UnixDomainSocketAddress
            ? SockAddr.AF_UNIX
            : ((InetSocketAddress) peer).getAddress() instanceof Inet4Address
                ? SockAddr.AF_INET
                : SockAddr.AF_INET6;
    EpollFd fd = EpollFd.open(family, connected(messages)); // connect registers it
    return family == SockAddr.AF_UNIX ? fd : prepared(fd);
  }

  private static int connected(boolean messages) {
    return messages ? EpollFd.SOCK_SEQPACKET : EpollFd.SOCK_STREAM;
  }

  @Override
  public NetFd datagram(@Nullable SocketAddress bind, @Nullable StandardProtocolFamily family)
      throws SocketFault {
    SocketAddress address = bind == null ? new InetSocketAddress(0) : bind;
    EpollFd fd = open(address, family, EpollFd.SOCK_DGRAM);
    try {
      if (fd.family != SockAddr.AF_UNIX) {
        fd.option(SOL_SOCKET, SO_BROADCAST, 1);
      }
      if (bind != null) {
        fd.bind(bind);
      }
    } catch (SocketFault e) {
      Libc.call(Libc.CLOSE, fd.number, 0, 0);
      throw e;
    }
    return fd.register();
  }

  @Override
  SocketFault exhausted() {
    return SocketFault.of(Libc.EMFILE);
  }

  private static EpollFd open(
      SocketAddress address, @Nullable StandardProtocolFamily family, int type) throws SocketFault {
    if (address instanceof UnixDomainSocketAddress || family == StandardProtocolFamily.UNIX) {
      return EpollFd.open(SockAddr.AF_UNIX, type);
    }
    if (family == StandardProtocolFamily.INET) {
      return EpollFd.open(SockAddr.AF_INET, type);
    }
    EpollFd six;
    try {
      six = EpollFd.open(SockAddr.AF_INET6, type);
    } catch (SocketFault e) {
      if (family == null) {
        return EpollFd.open(SockAddr.AF_INET, type); // no IPv6 here
      }
      throw e;
    }
    try {
      six.option(IPPROTO_IPV6, IPV6_V6ONLY, family == null ? 0 : 1);
      return six;
    } catch (SocketFault e) {
      Libc.call(Libc.CLOSE, six.number, 0, 0);
      throw e;
    }
  }
}
