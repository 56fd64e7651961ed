package dev.raddle.http.spi;

import java.util.List;

/**
 * The head of a response, as a protocol with streams has received it.
 *
 * @param status three digits
 * @param lines name, value, name, value and so on, names in lower case, one char a byte
 * @param contentLength what it says about the length of the body; -1 if it says nothing
 * @param last whether that was the response: there is no body
 */
public record StreamHead(int status, List<String> lines, long contentLength, boolean last) {
  /** The list is fixed. */
  public StreamHead {
    lines = List.copyOf(lines);
  }
}
