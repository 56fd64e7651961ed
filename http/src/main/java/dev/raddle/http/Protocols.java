package dev.raddle.http;

import dev.raddle.http.internal.JettyLogging;
import dev.raddle.http.spi.ServerProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The protocols beside HTTP/1 that are on the path. Looked for when they are first asked for. */
final class Protocols {
  private static final String HTTP_1 = "http/1.1";

  private Protocols() {}

  private static final class Holder {
    static final List<ServerProtocol> ALL =
        ServiceLoader.load(ServerProtocol.class, ServerProtocol.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    static {
      if (!ALL.isEmpty()) {
        JettyLogging.quiet(); // a connection of HTTP/1, which does so too, may never come
      }
    }
  }

  static List<ServerProtocol> all() {
    return Holder.ALL;
  }

  /** What a server offers, best first. */
  static String[] alpn() {
    List<String> names = new ArrayList<>();
    all().forEach(protocol -> names.add(protocol.alpn()));
    names.add(HTTP_1);
    return names.toArray(String[]::new);
  }

  /** The protocol that was agreed on; null for HTTP/1. */
  static @Nullable ServerProtocol agreed(String alpn) {
    if (!alpn.isEmpty() && !alpn.equals(HTTP_1)) {
      for (ServerProtocol protocol : all()) {
        if (protocol.alpn().equals(alpn)) {
          return protocol;
        }
      }
    }
    return null;
  }
}
