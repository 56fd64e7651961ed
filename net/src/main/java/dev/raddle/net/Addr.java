package dev.raddle.net;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One end of a connection: Go's {@code net.Addr}.
 *
 * @param network {@code tcp}, {@code udp}, {@code unix}, {@code unixgram} or {@code unixpacket}
 * @param address an {@link InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
 */
public record Addr(String network, SocketAddress address) {
  /**
   * The address as Go prints it.
   *
   * @return {@code host:port}, {@code [host]:port}, or a path; {@code @} for a Unix socket without
   *     a name
   */
  @Override
  public String toString() {
    if (address instanceof InetSocketAddress inet) {
      return HostPort.of(inet).toString();
    }
    String path = address.toString();
    return path.isEmpty() ? "@" : path;
  }

  /** As an Internet address; of a Unix socket an unresolved one, its path for the host, port 0. */
  InetSocketAddress inet() {
    return address instanceof InetSocketAddress inet
        ? inet
        : InetSocketAddress.createUnresolved(toString(), 0);
  }
}
