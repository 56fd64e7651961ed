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

  /**
   * Waits until {@link #read} has probably something to return, so that nobody needs a buffer
   * before. It may return early, at once even.
   *
   * @throws IOException if the connection is broken
   */
  default void awaitInput() throws IOException {}

  /**
   * Says whether {@link #read} has probably something to return. Never waits.
   *
   * @return a guess; false also if nobody knows
   */
  default boolean hasInput() {
    return false;
  }
}
