package dev.raddle.http;

import java.io.IOException;
import java.io.InputStream;

/** Gives the body of a request from its beginning, each time it is asked: Go's {@code GetBody}. */
@FunctionalInterface
public interface BodySource {
  /**
   * Opens the body.
   *
   * @return the bytes; closed when they have been sent
   * @throws IOException if they cannot be had; the request fails with it
   */
  InputStream open() throws IOException;
}
