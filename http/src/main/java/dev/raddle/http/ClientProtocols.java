package dev.raddle.http;

import dev.raddle.http.internal.JettyLogging;
import dev.raddle.http.spi.ClientProtocol;
import dev.raddle.net.Conn;
import dev.raddle.net.tls.ConnectionState;
import dev.raddle.net.tls.TlsConn;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** What a client speaks beside HTTP/1: {@link Protocols}, for the other side. */
final class ClientProtocols {
  private static final String HTTP_1 = "http/1.1";
  private static final String HTTP_2 = "h2";

  private ClientProtocols() {}

  private static final class Holder {
    static {
      JettyLogging.quiet(); // a connection of HTTP/1, which does so too, may never come
    }

    static final List<ClientProtocol> ALL =
        ServiceLoader.load(ClientProtocol.class, ClientProtocol.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  /** What is offered by default, best first. */
  static String[] alpn(boolean alsoOthers) {
    List<String> names = new ArrayList<>();
    if (alsoOthers) {
      Holder.ALL.forEach(protocol -> names.add(protocol.alpn()));
    }
    names.add(HTTP_1);
    return names.toArray(String[]::new);
  }

  /** Null if it is HTTP/1, or nobody knows it. */
  static @Nullable ClientProtocol named(String alpn) {
    if (!alpn.isEmpty() && !alpn.equals(HTTP_1)) {
      for (ClientProtocol protocol : Holder.ALL) {
        if (protocol.alpn().equals(alpn)) {
          return protocol;
        }
      }
    }
    return null;
  }

  /** HTTP/2, for servers that are known to speak it; null if the module is not there. */
  static @Nullable ClientProtocol http2() {
    return named(HTTP_2);
  }

  /** What the handshake of a connection has agreed on; null if it is HTTP/1. */
  static @Nullable ClientProtocol agreed(Conn conn) {
    ConnectionState state = conn instanceof TlsConn tls ? tls.connectionState() : null;
    return state == null ? null : named(state.negotiatedProtocol());
  }
}
