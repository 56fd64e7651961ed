package dev.raddle.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An address in Go's syntax, taken apart: {@code host:port}, {@code [host]:port} for an IPv6 host,
 * {@code :port} for all interfaces.
 *
 * @param host a name, an IPv4 or IPv6 address without brackets, or empty: all interfaces
 * @param port a number, a service name, or empty: any free port
 */
public record HostPort(String host, String port) {
  /**
   * Splits an address as Go's {@code net.SplitHostPort} does. Only the shape is checked; {@link
   * Net#listen} looks at the parts.
   *
   * @param address for example {@code :8080}, {@code [::1]:80} or {@code localhost:http}
   * @return host and port
   * @throws NetException if the shape is wrong; the message says which, in Go's words
   */
  public static HostPort parse(String address) throws NetException {
    int colon = address.lastIndexOf(':');
    if (colon < 0) {
      throw wrong(address, "missing port in address");
    }
    String host;
    int bracketsFrom = 0; // where a stray bracket may still be found
    int closingFrom = 0;
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      if (end < 0) {
        throw wrong(address, "missing ']' in address");
      }
      if (end + 1 == address.length()) {
        throw wrong(address, "missing port in address");
      }
      if (end + 1 != colon) {
        throw wrong(
            address,
            address.charAt(end + 1) == ':'
                ? "too many colons in address"
                : "missing port in address");
      }
      host = address.substring(1, end);
      bracketsFrom = 1;
      closingFrom = end + 1;
    } else {
      host = address.substring(0, colon);
      if (host.indexOf(':') >= 0) {
        throw wrong(address, "too many colons in address");
      }
    }
    if (address.indexOf('[', bracketsFrom) >= 0) {
      throw wrong(address, "unexpected '[' in address");
    }
    if (address.indexOf(']', closingFrom) >= 0) {
      throw wrong(address, "unexpected ']' in address");
    }
    return new HostPort(host, address.substring(colon + 1));
  }

  /**
   * Takes a socket address apart. The host is numeric and nothing is looked up.
   *
   * @param address a resolved address
   * @return host and port; {@link #toString} is what Go prints for the address
   */
  public static HostPort of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    return new HostPort(
        ip == null ? address.getHostString() : IpText.of(ip), Integer.toString(address.getPort()));
  }

  /**
   * Joins the two parts as Go's {@code net.JoinHostPort} does.
   *
   * @return {@code host:port}, or {@code [host]:port} if the host has a colon
   */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  private static NetException wrong(String address, String what) {
    return NetException.failed(
        "address " + address,
        what + ", expected host:port or :port, found " + found(address),
        null);
  }

  private static String found(String address) {
    return address.isEmpty() ? "an empty address" : address;
  }
}
