package dev.raddle.http.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes come from. */
@FunctionalInterface
public interface Source {
  /**
   * Reads at least one byte, waiting for it.
   *
   * @param target where they go
   * @return how many were read, -1 at the end
   * @throws IOException if the connection is broken
   */
  int read(ByteBuffer target) throws IOException;
}
