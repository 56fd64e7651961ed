package dev.raddle.http.spi;

import java.util.List;

/**
 * The head of a request, as a protocol with streams has received it.
 *
 * @param method in the case it was sent
 * @param scheme {@code http} or {@code https}; empty if there is none
 * @param authority host and port; empty if there is none
 * @param path path and query, not decoded; empty for CONNECT
 * @param lines name, value, name, value and so on, names in any case, one char a byte
 * @param contentLength the length of the body: 0 if there is none, -1 if it is not known
 * @param headBytes what the head takes as its sender counts it, to be held against the limit
 */
public record StreamRequest(
    String method,
    String scheme,
    String authority,
    String path,
    List<String> lines,
    long contentLength,
    long headBytes) {
  /** The list is fixed. */
  public StreamRequest {
    lines = List.copyOf(lines);
  }
}
