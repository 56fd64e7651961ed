package dev.raddle.http;

import java.io.IOException;

/** Sends one request and gets one response: Go's {@code http.RoundTripper}. */
@FunctionalInterface
public interface RoundTripper {
  /**
   * Sends a request. Does not follow redirects, or look at cookies. Any number of goroutines may
   * call it.
   *
   * @param request its body is closed in any case
   * @return the response, of any status; the caller closes its body
   * @throws IOException if there is no response
   */
  Response roundTrip(Request request) throws IOException;
}
