package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.net.Conn;
import dev.raddle.net.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Asks a SOCKS5 proxy to pass bytes on to a server (RFC 1928, and RFC 1929 for a password). */
final class SocksTunnel {
  private static final int VERSION = 5;
  private static final int CONNECT = 1;
  private static final int NO_AUTHENTICATION = 0;
  private static final int PASSWORD = 2;
  private static final int PASSWORD_VERSION = 1;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;
  private static final int MOST = 255; // what a byte can count

  private SocksTunnel() {}

  /**
   * Opens the way to an address; a name is looked up by the proxy. On failure the connection is
   * left to be closed.
   *
   * @throws java.net.SocketTimeoutException if the proxy is silent for a minute
   * @throws IOException if it refuses, or the context ends
   */
  static void open(Conn conn, String address, URI proxy, Context context) throws IOException {
    HostPort to = HostPort.parse(address);
    byte[] request = request(to);
    ProxyTunnel.patiently(
        conn,
        context,
        () -> {
          greet(conn, proxy);
          conn.write(ByteBuffer.wrap(request));
          awaitYes(conn, to);
        });
  }

  private static void greet(Conn conn, URI proxy) throws IOException {
    boolean known = proxy.getRawUserInfo() != null;
    conn.write(
        ByteBuffer.wrap(
            known
                ? new byte[] {VERSION, 2, NO_AUTHENTICATION, PASSWORD}
                : new byte[] {VERSION, 1, NO_AUTHENTICATION}));
    byte[] answer = read(conn, 2);
    if (answer[0] != VERSION) {
      throw new IOException(
          "socks connect: expected a SOCKS5 proxy, found version " + (answer[0] & 0xff));
    }
    if (known && answer[1] == PASSWORD) {
      authenticate(conn, proxy.getUserInfo());
    } else if (answer[1] != NO_AUTHENTICATION) {
      throw new IOException("socks connect: no acceptable authentication methods");
    }
  }

  private static void authenticate(Conn conn, String userInfo) throws IOException {
    int colon = userInfo.indexOf(':');
    byte[] user = bytes(colon < 0 ? userInfo : userInfo.substring(0, colon));
    byte[] password = bytes(colon < 0 ? "" : userInfo.substring(colon + 1));
    if (user.length == 0 || user.length > MOST || password.length > MOST) {
      throw new IOException("socks connect: invalid username/password");
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(PASSWORD_VERSION);
    message.write(user.length);
    message.writeBytes(user);
    message.write(password.length);
    message.writeBytes(password);
    conn.write(ByteBuffer.wrap(message.toByteArray()));
    if (read(conn, 2)[1] != 0) {
      throw new IOException("socks connect: username/password authentication failed");
    }
  }

  private static byte[] request(HostPort to) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(new byte[] {VERSION, CONNECT, 0});
    byte[] ip = literal(to.host());
    if (ip.length > 0) {
      message.write(ip.length == 4 ? IPV4 : IPV6);
      message.writeBytes(ip);
    } else {
      byte[] name = bytes(to.host());
      if (name.length > MOST) {
        throw new IOException("socks connect: FQDN too long");
      }
      message.write(NAME);
      message.write(name.length);
      message.writeBytes(name);
    }
    int port = port(to.port());
    message.write(port >> 8);
    message.write(port);
    return message.toByteArray();
  }

  /** Empty for a name. */
  private static byte[] literal(String host) {
    try {
      return InetAddress.ofLiteral(host).getAddress();
    } catch (IllegalArgumentException name) {
      return new byte[0];
    }
  }

  private static int port(String text) throws IOException {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 0xffff) {
        return port;
      }
    } catch (NumberFormatException e) {
      // as for one out of range
    }
    throw new IOException("socks connect: expected a port from 1 to 65535, found " + text);
  }

  private static void awaitYes(Conn conn, HostPort to) throws IOException {
    byte[] answer = read(conn, 4); // version, reply, reserved, kind of address
    if (answer[0] != VERSION) {
      throw new IOException("socks connect: unexpected protocol version " + (answer[0] & 0xff));
    }
    if (answer[1] != 0) {
      throw new IOException("socks connect " + to + ": " + reason(answer[1] & 0xff));
    }
    int addressBytes =
        switch (answer[3]) {
          case IPV4 -> 4;
          case IPV6 -> 16;
          case NAME -> read(conn, 1)[0] & 0xff;
          default ->
              throw new IOException("socks connect: unknown address type " + (answer[3] & 0xff));
        };
    byte[] _ = read(conn, addressBytes + 2); // from where the proxy connects: of no use here
  }

  /** RFC 1928, 6. */
  private static String reason(int reply) {
    return switch (reply) {
      case 1 -> "general SOCKS server failure";
      case 2 -> "connection not allowed by ruleset";
      case 3 -> "network unreachable";
      case 4 -> "host unreachable";
      case 5 -> "connection refused";
      case 6 -> "TTL expired";
      case 7 -> "command not supported";
      case 8 -> "address type not supported";
      default -> "unknown code: " + reply;
    };
  }

  /** Reads so many bytes and not one more: what follows is the server's. */
  private static byte[] read(Conn conn, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (conn.read(buffer) < 0) {
        throw new EOFException("socks connect: unexpected EOF");
      }
    }
    return buffer.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
