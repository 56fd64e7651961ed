package dev.raddle.net.tls;

import dev.raddle.net.Conn;
import java.util.List;

/**
 * What a client says first: a part of Go's {@code tls.ClientHelloInfo}.
 *
 * @param serverName the name that the client asks for (SNI), in lower case; empty if it names none
 * @param supportedProtos what it offers by ALPN, its preferred one first; empty if nothing
 * @param supportedVersions those of its versions that are known here, its preferred one first
 * @param conn the connection below, for its addresses; not to be read from or written to
 */
public record ClientHelloInfo(
    String serverName,
    List<String> supportedProtos,
    List<TlsVersion> supportedVersions,
    Conn conn) {
  /** The lists are fixed. */
  public ClientHelloInfo {
    supportedProtos = List.copyOf(supportedProtos);
    supportedVersions = List.copyOf(supportedVersions);
  }
}
