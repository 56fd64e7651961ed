package dev.raddle.net;

import dev.raddle.context.CancelContext;
import dev.raddle.context.Context;
import dev.raddle.net.internal.Backend;
import dev.raddle.net.internal.NetFd;
import dev.raddle.net.internal.SocketFault;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where connections come from: the functions of Go's package {@code net}.
 *
 * <p>An address is {@code host:port}; of the networks of Unix sockets it is a path, or
 * {@code @name} for one without a file (Linux, epoll); a listener with an empty address gets such a
 * name from the system. Those are {@code unix} for streams, {@code unixgram} for datagrams and
 * {@code unixpacket} for connections that keep the bounds of messages; the latter two exist on
 * Linux with epoll alone, a {@link NetException} says so elsewhere. A port is a number or one of
 * {@code http} and {@code https}. Looking up the name of a host blocks the caller, and no other
 * goroutine.
 */
public final class Net {
  /** Connections that may wait to be accepted; the system's own limit applies too (as in Go). */
  private static final int BACKLOG = 4096;

  private static final Set<String> STREAMS = Set.of("tcp", "tcp4", "tcp6", "unix", "unixpacket");
  private static final Set<String> PACKETS = Set.of("udp", "udp4", "udp6", "unixgram");

  private Net() {}

  // ---- dial ----

  /**
   * Connects. Go: {@code net.Dial}.
   *
   * <p>An empty host means this machine. A name with IPv4 and IPv6 addresses is tried with those of
   * the kind that the system gives first, and 300 ms later with the others beside them; the first
   * connection counts. TCP connections send small segments at once and have keep-alive probes after
   * 15 s, as in Go.
   *
   * @param network {@code tcp}, {@code tcp4}, {@code tcp6}, {@code udp}, {@code udp4}, {@code
   *     udp6}, {@code unix}, {@code unixgram} or {@code unixpacket}
   * @param address for example {@code example.org:80}, {@code [::1]:8080} or {@code /run/a.sock}
   * @return the connection; the caller closes it
   * @throws NetException if the address cannot be understood, found or reached, for example {@code
   *     dial tcp 127.0.0.1:81: connect: connection refused}
   * @throws IllegalArgumentException if the network is not one of these
   */
  public static Conn dial(String network, String address) throws IOException {
    return dial(Context.background(), network, address);
  }

  /**
   * As {@link #dial(String, String)}, for at most that time. Go: {@code net.DialTimeout}.
   *
   * @param network as there
   * @param address as there
   * @param timeout for all of it, lookup included
   * @return the connection; the caller closes it
   * @throws NetException as there; {@link NetException#isTimeout} if it took too long
   */
  public static Conn dialTimeout(String network, String address, Duration timeout)
      throws IOException {
    try (CancelContext context = Context.background().withTimeout(timeout)) {
      return dial(context, network, address);
    }
  }

  /**
   * As {@link #dial(String, String)}, as long as the context lasts. The connection outlives it. Go:
   * {@code Dialer.DialContext}.
   *
   * @param context its end ends the dial
   * @param network as there
   * @param address as there
   * @return the connection; the caller closes it
   * @throws NetException as there; with the context's error as its cause when that has ended, and
   *     {@link NetException#isTimeout} if that was its deadline
   */
  public static Conn dial(Context context, String network, String address) throws IOException {
    if (!STREAMS.contains(network) && !PACKETS.contains(network)) {
      throw new IllegalArgumentException(
          "dial: unknown network, expected tcp, tcp4, tcp6, udp, udp4, udp6, unix, unixgram or"
              + " unixpacket, found "
              + network);
    }
    return new Dial(context, network).run(address);
  }

  // ---- listen ----

  /**
   * Listens for stream connections. Go: {@code net.Listen}.
   *
   * <p>An empty host means all interfaces, IPv4 and IPv6; a name listens on its first address, IPv4
   * if it has one. Port 0 or an empty port means any free one, {@link Listener#address} tells
   * which. What is accepted sends small segments at once and has keep-alive probes after 15 s.
   *
   * @param network {@code tcp}, {@code tcp4}, {@code tcp6}, {@code unix} or {@code unixpacket}. On
   *     the JDK's channels {@code tcp6} also takes IPv4 connections when the host is empty
   * @param address for example {@code :8080}, {@code 127.0.0.1:0}, {@code [::1]:80} or {@code
   *     /run/a.sock}
   * @return the listener, bound and ready; the caller closes it
   * @throws NetException if the address cannot be understood, found or bound; the message says what
   *     was expected and what was found, for example {@code listen tcp :99999: invalid port,
   *     expected 0 to 65535, found 99999} or {@code listen tcp :8080: bind: address already in use}
   * @throws IllegalArgumentException if the network is not one of these
   */
  public static Listener listen(String network, String address) throws IOException {
    if (!STREAMS.contains(network)) {
      throw new IllegalArgumentException(
          "listen: unknown network, expected tcp, tcp4, tcp6, unix or unixpacket, found "
              + network);
    }
    String operation = "listen " + network + " " + address;
    try {
      if (network.startsWith("unix")) {
        UnixDomainSocketAddress path = unix(operation, address);
        boolean messages = network.equals("unixpacket");
        return listener(operation, network, Backend.chosen().listen(path, null, messages, BACKLOG));
      }
      InetSocketAddress bind = local(network, operation, address);
      StandardProtocolFamily family = family(network, bind.getAddress());
      return listener(operation, "tcp", Backend.chosen().listen(bind, family, false, BACKLOG));
    } catch (SocketFault e) {
      throw NetException.of(operation, "bind", e);
    }
  }

  private static Listener listener(String operation, String kind, NetFd fd) throws SocketFault {
    try {
      return new SocketListener(operation, fd, new Addr(kind, fd.local()));
    } catch (SocketFault e) {
      fd.close();
      throw e;
    }
  }

  /**
   * Opens a socket for datagrams. Go: {@code net.ListenPacket}. The file of a Unix socket is not
   * removed by the close, as in Go.
   *
   * @param network {@code udp}, {@code udp4}, {@code udp6} or {@code unixgram}
   * @param address as for {@link #listen}
   * @return the socket, bound; the caller closes it
   * @throws NetException as for {@link #listen}
   * @throws IllegalArgumentException if the network is not one of the four
   */
  public static PacketConn listenPacket(String network, String address) throws IOException {
    if (!PACKETS.contains(network)) {
      throw new IllegalArgumentException(
          "listen: unknown network, expected udp, udp4, udp6 or unixgram, found " + network);
    }
    String operation = "listen " + network + " " + address;
    try {
      if (network.equals("unixgram")) {
        UnixDomainSocketAddress path = unix(operation, address);
        NetFd fd = Backend.chosen().datagram(path, StandardProtocolFamily.UNIX);
        return new PacketConn(fd, new Addr(network, fd.local()));
      }
      InetSocketAddress bind = local(network, operation, address);
      NetFd fd = Backend.chosen().datagram(bind, family(network, bind.getAddress()));
      return new PacketConn(fd, new Addr("udp", fd.local()));
    } catch (SocketFault e) {
      throw NetException.of(operation, "bind", e);
    }
  }

  private static InetSocketAddress local(String network, String operation, String address)
      throws IOException {
    HostPort hostPort = split("listen " + network, address);
    int port = Lookup.port(operation, hostPort.port());
    if (hostPort.host().isEmpty()) {
      return new InetSocketAddress(port);
    }
    List<InetAddress> found =
        Lookup.host(Context.background(), network, "listen " + network, hostPort.host());
    for (InetAddress ip : found) {
      if (ip instanceof Inet4Address) {
        return new InetSocketAddress(ip, port);
      }
    }
    return new InetSocketAddress(found.getFirst(), port);
  }

  static HostPort split(String operation, String address) throws NetException {
    try {
      return HostPort.parse(address);
    } catch (NetException e) {
      throw NetException.failed(operation, String.valueOf(e.getMessage()), null);
    }
  }

  /** The family to ask for; null for IPv6 that takes IPv4 too. */
  private static @Nullable StandardProtocolFamily family(String network, InetAddress ip) {
    if (network.endsWith("4") || (ip instanceof Inet4Address && !ip.isAnyLocalAddress())) {
      return StandardProtocolFamily.INET;
    }
    boolean both = ip.isAnyLocalAddress() && !network.endsWith("6");
    return both ? null : StandardProtocolFamily.INET6;
  }

  // ---- addresses ----

  static UnixDomainSocketAddress unix(String operation, String path) throws NetException {
    try {
      return UnixDomainSocketAddress.of(path);
    } catch (InvalidPathException e) {
      throw NetException.failed(operation, "invalid path", e);
    }
  }

  /** What a listener accepted. */
  static Conn conn(NetFd fd, Addr listener) throws SocketFault {
    boolean everywhere =
        listener.address() instanceof InetSocketAddress inet
            && inet.getAddress().isAnyLocalAddress();
    String network = listener.network();
    Addr local = everywhere ? new Addr(network, fd.local()) : listener;
    return new SocketConn(fd, local, new Addr(network, fd.remote()));
  }
}
