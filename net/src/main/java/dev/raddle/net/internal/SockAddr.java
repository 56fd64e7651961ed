package dev.raddle.net.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses as Linux lays them out: family in the machine's order, ports and IP addresses in
 * the network's.
 */
final class SockAddr {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /** Enough for any of them. */
  static final int MAX_BYTES = 112;

  private static final int INET_BYTES = 16;
  private static final int INET6_BYTES = 28;
  private static final int UNIX_PATH_BYTES = 108;

  private SockAddr() {}

  /** Lays out {@code address} for a socket of that family. */
  static MemorySegment encode(SocketAddress address, int family, SegmentAllocator place)
      throws SocketFault {
    if (address instanceof UnixDomainSocketAddress unix) {
      return encodeUnix(unix.toString(), place);
    }
    InetSocketAddress inet = (InetSocketAddress) address;
    InetAddress ip = inet.getAddress();
    if (ip == null) {
      throw new SocketFault(SocketFault.Kind.OTHER, "unresolved address", null);
    }
    byte[] bytes = ip.getAddress();
    boolean six = family == AF_INET6;
    if (!six && bytes.length != 4) {
      throw new SocketFault(SocketFault.Kind.OTHER, "non-IPv4 address", null);
    }
    MemorySegment s = place.allocate(six ? INET6_BYTES : INET_BYTES, 4);
    s.fill((byte) 0);
    s.set(JAVA_SHORT, 0, (short) family);
    s.set(JAVA_SHORT, 2, Short.reverseBytes((short) inet.getPort()));
    if (!six) {
      MemorySegment.copy(bytes, 0, s, JAVA_BYTE, 4, 4);
    } else if (bytes.length == 16) {
      MemorySegment.copy(bytes, 0, s, JAVA_BYTE, 8, 16);
      s.set(JAVA_INT, 24, ((Inet6Address) ip).getScopeId());
    } else if (!ip.isAnyLocalAddress()) { // IPv4 in IPv6
      s.set(JAVA_SHORT, 18, (short) -1);
      MemorySegment.copy(bytes, 0, s, JAVA_BYTE, 20, 4);
    }
    return s;
  }

  private static MemorySegment encodeUnix(String path, SegmentAllocator place) throws SocketFault {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    boolean hidden = name.length > 0 && name[0] == '@'; // no file: the abstract name space
    int end = hidden || name.length == 0 ? 0 : 1; // of none the system chooses one without a file
    if (name.length + end > UNIX_PATH_BYTES) {
      throw new SocketFault(SocketFault.Kind.OTHER, "invalid argument", null);
    }
    MemorySegment s = place.allocate(2 + name.length + end, 2);
    s.fill((byte) 0);
    s.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(name, 0, s, JAVA_BYTE, 2, name.length);
    if (hidden) {
      s.set(JAVA_BYTE, 2, (byte) 0);
    }
    return s;
  }

  /** Reads what the system wrote. */
  static SocketAddress decode(MemorySegment s, int length) {
    int family = length < 2 ? AF_UNIX : s.get(JAVA_SHORT, 0);
    if (family == AF_UNIX) {
      return UnixDomainSocketAddress.of(unixName(s, length));
    }
    int port = Short.toUnsignedInt(Short.reverseBytes(s.get(JAVA_SHORT, 2)));
    byte[] ip = new byte[family == AF_INET ? 4 : 16];
    MemorySegment.copy(s, JAVA_BYTE, family == AF_INET ? 4 : 8, ip, 0, ip.length);
    return new InetSocketAddress(ip(ip, family == AF_INET ? 0 : s.get(JAVA_INT, 24)), port);
  }

  private static InetAddress ip(byte[] bytes, int scope) {
    try {
      InetAddress ip = InetAddress.getByAddress(bytes); // IPv4 in IPv6 becomes IPv4
      return scope == 0 || ip instanceof Inet4Address
          ? ip
          : Inet6Address.getByAddress((@Nullable String) null, bytes, scope);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IP address of " + bytes.length + " bytes", e);
    }
  }

  private static String unixName(MemorySegment s, int length) {
    int n = Math.max(0, length - 2);
    if (n > 0 && s.get(JAVA_BYTE, 2) == 0) {
      byte[] name = s.asSlice(2, n).toArray(JAVA_BYTE);
      name[0] = '@';
      return new String(name, StandardCharsets.UTF_8);
    }
    int end = 0;
    while (end < n && s.get(JAVA_BYTE, 2 + end) != 0) {
      end++;
    }
    return new String(s.asSlice(2, end).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
