package dev.raddle.net.tls;

import dev.raddle.sync.Pool;
import java.nio.ByteBuffer;

/**
 * Buffers that hold a record, lent for as long as there is something in them: a connection that
 * waits holds none. They are not wiped, as in Go.
 */
final class Buffers {
  /** A record of 16 KB with all that goes around it, and some to spare. */
  static final int BYTES = 18 * 1024;

  /** Without room. */
  static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private static final Pool<ByteBuffer> POOL = new Pool<>(() -> ByteBuffer.allocate(BYTES));

  private Buffers() {}

  /** Empty, to be written to. */
  static ByteBuffer take() {
    return POOL.get().clear();
  }

  static void give(ByteBuffer buffer) {
    if (buffer.capacity() == BYTES) {
      POOL.put(buffer);
    }
  }

  /** A larger one with the same content, to be written to; gives the small one back. */
  static ByteBuffer grow(ByteBuffer written, int atLeast) {
    ByteBuffer larger = ByteBuffer.allocate(Math.max(atLeast, written.capacity() * 2));
    larger.put(written.flip());
    give(written);
    return larger;
  }
}
