package dev.raddle.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;
import java.util.Map;

/** Where connections come from: the functions of Go's package {@code net}. */
public final class Net {
  /** Connections that may wait to be accepted; the system's own limit applies too (as in Go). */
  private static final int BACKLOG = 4096;

  private static final Map<String, Integer> PORT_NAMES = Map.of("http", 80, "https", 443);

  private Net() {}

  /**
   * Listens for TCP connections. Go: {@code net.Listen}.
   *
   * <p>The address is {@code host:port}. An empty host means all interfaces, IPv4 and IPv6; a name
   * listens on its first address, IPv4 if it has one. Port 0 or an empty port means any free one,
   * {@link Listener#address} tells which. The port may be one of the names {@code http} and {@code
   * https}. Looking up a name blocks the caller.
   *
   * @param network {@code tcp}, {@code tcp4} or {@code tcp6}. The last one, unlike Go's, also takes
   *     IPv4 connections when the host is empty: the JDK cannot ask for IPv6 only
   * @param address for example {@code :8080}, {@code 127.0.0.1:0} or {@code [::1]:80}
   * @return the listener, bound and ready; the caller closes it
   * @throws NetException if the address cannot be understood, found or bound; the message says what
   *     was expected and what was found, for example {@code listen tcp :99999: invalid port,
   *     expected 0 to 65535, found 99999} or {@code listen tcp :8080: bind: address already in use}
   * @throws IllegalArgumentException if the network is not one of the three
   */
  public static Listener listen(String network, String address) throws IOException {
    if (!network.equals("tcp") && !network.equals("tcp4") && !network.equals("tcp6")) {
      throw new IllegalArgumentException(
          "listen: unknown network, expected tcp, tcp4 or tcp6, found " + network);
    }
    HostPort hostPort;
    try {
      hostPort = HostPort.parse(address);
    } catch (NetException e) {
      throw NetException.failed("listen " + network, String.valueOf(e.getMessage()), null);
    }
    String operation = "listen " + network + " " + address;
    int port = port(operation, hostPort.port());
    InetSocketAddress bind =
        hostPort.host().isEmpty()
            ? new InetSocketAddress(port)
            : new InetSocketAddress(lookup(network, hostPort.host()), port);
    return bind(network, operation, bind);
  }

  private static int port(String operation, String port) throws NetException {
    if (port.isEmpty()) {
      return 0;
    }
    int named = PORT_NAMES.getOrDefault(port.toLowerCase(Locale.ROOT), -1);
    if (named >= 0) {
      return named;
    }
    int value = 0;
    for (int i = 0; i < port.length(); i++) {
      int digit = port.charAt(i) - '0';
      boolean sign = i == 0 && port.length() > 1 && (digit == '-' - '0' || digit == '+' - '0');
      if (!sign && (digit < 0 || digit > 9)) {
        throw NetException.failed(
            operation, "unknown port, expected 0 to 65535, http or https, found " + port, null);
      }
      value = sign ? value : Math.min(value * 10 + digit, 1 << 20);
    }
    if (value > 65535 || (value > 0 && port.charAt(0) == '-')) {
      throw NetException.failed(
          operation, "invalid port, expected 0 to 65535, found " + port, null);
    }
    return value;
  }

  private static InetAddress lookup(String network, String host) throws NetException {
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw NetException.failed("listen " + network, "lookup " + host + ": no such host", e);
    }
    if (!network.equals("tcp6")) {
      for (InetAddress address : found) {
        if (address instanceof Inet4Address) {
          return address;
        }
      }
    }
    if (network.equals("tcp4") || (network.equals("tcp6") && !(found[0] instanceof Inet6Address))) {
      throw NetException.failed(
          "listen " + network, "address " + host + ": no suitable address found", null);
    }
    return found[0];
  }

  private static Listener bind(String network, String operation, InetSocketAddress address)
      throws NetException {
    boolean four =
        network.equals("tcp4")
            || (address.getAddress() instanceof Inet4Address ip && !ip.isAnyLocalAddress());
    ServerSocketChannel channel = null;
    try {
      channel =
          four
              ? ServerSocketChannel.open(StandardProtocolFamily.INET)
              : network.equals("tcp6")
                  ? ServerSocketChannel.open(StandardProtocolFamily.INET6)
                  : ServerSocketChannel.open();
      channel.bind(address, BACKLOG);
      return new TcpListener(operation, channel);
    } catch (IOException e) {
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException f) {
          e.addSuppressed(f);
        }
      }
      throw NetException.failed(operation, "bind: " + reason(e), e);
    }
  }

  /**
   * Go prints errno texts in lower case; the JDK capitalizes them and may add where it happened.
   */
  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
  }
}
