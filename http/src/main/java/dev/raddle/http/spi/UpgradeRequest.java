package dev.raddle.http.spi;

/**
 * A request of HTTP/1 that asked for another protocol, in which it is answered.
 *
 * @param request the request; it has no body
 * @param settings the value of {@link ServerProtocol#upgradeHeader}
 */
public record UpgradeRequest(StreamRequest request, String settings) {}
