package dev.raddle.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads, by which it is kept: Go's connectMethodKey.
 *
 * @param address host and port of the server; of the proxy, if it gets the requests themselves
 * @param secure whether TLS is spoken with the server
 * @param proxy through which the server is reached, by CONNECT or SOCKS; null if directly
 * @param onlyHttp1 whether nothing else may be spoken, though the transport does: with a proxy that
 *     gets the requests themselves, and to upgrade to WebSocket
 */
record Destination(String address, boolean secure, @Nullable URI proxy, boolean onlyHttp1) {
  static Destination plain(String address) {
    return new Destination(address, false, null, false);
  }

  /** What the dialer gets. */
  String dialed() {
    return proxy == null
        ? address
        : withPort(proxy.getRawAuthority(), isSocks(proxy) ? ":1080" : ":80");
  }

  /** Whether a proxy passes bytes on and knows nothing of HTTP. As in Go both names are one. */
  static boolean isSocks(URI proxy) {
    return "socks5".equals(proxy.getScheme()) || "socks5h".equals(proxy.getScheme());
  }

  static String withPort(String authority, String port) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    return host.lastIndexOf(':') > host.lastIndexOf(']') ? host : host + port;
  }

  /** What the proxy wants to know about its user; empty if it is nobody's. */
  static String authorization(URI proxy) {
    if (proxy.getRawUserInfo() == null) {
      return "";
    }
    byte[] credentials = proxy.getUserInfo().getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }
}
