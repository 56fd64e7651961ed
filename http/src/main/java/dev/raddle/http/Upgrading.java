package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.spi.ServerProtocol;
import dev.raddle.http.spi.StreamRequest;
import dev.raddle.http.spi.UpgradeRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From HTTP/1 to another protocol by a request of the client: RFC 7540, section 3.2. */
final class Upgrading {
  private Upgrading() {}

  /**
   * Returns the request, if it asks for the protocol in all the ways it has to. One with a body is
   * answered as it came: there is no duty to change.
   */
  static @Nullable UpgradeRequest request(ServerProtocol protocol, RequestHead head) {
    if (!head.http11 || head.contentLength != 0) {
      return null;
    }
    Headers headers = new Headers(head.lines(), head.size());
    List<String> settings = headers.values(protocol.upgradeHeader());
    String connection = String.join(",", headers.values("Connection"));
    if (settings.size() != 1
        || !HeaderText.hasToken(
            String.join(",", headers.values("Upgrade")), protocol.upgradeToken())
        || !HeaderText.hasToken(connection, "Upgrade")
        || !HeaderText.hasToken(connection, protocol.upgradeHeader())) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          if (!isOfConnection(name, protocol)) {
            lines.add(name);
            lines.add(HeaderText.encode(value));
          }
        });
    return new UpgradeRequest(
        new StreamRequest(head.method, "http", head.host, head.target, lines, 0, 0),
        settings.getFirst());
  }

  private static boolean isOfConnection(String name, ServerProtocol protocol) {
    return switch (name) {
      case "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade" -> true;
      default -> name.equalsIgnoreCase(protocol.upgradeHeader());
    };
  }

  static byte[] answer(ServerProtocol protocol) {
    return ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
            + protocol.upgradeToken()
            + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
