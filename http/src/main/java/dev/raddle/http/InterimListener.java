package dev.raddle.http;

import java.io.IOException;

/** Sees the responses that come before the one that counts: Go's {@code Got1xxResponse}. */
@FunctionalInterface
public interface InterimListener {
  /**
   * A response of the kind 1xx has come, and another one follows. Called on the goroutine that
   * sends the request, which waits meanwhile.
   *
   * @param status 100 to 199, not 101
   * @param headers what came with it
   * @throws IOException fails the request
   */
  void received(int status, Headers headers) throws IOException;
}
