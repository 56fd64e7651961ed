package dev.raddle.http2;

import java.nio.ByteBuffer;

/**
 * What has come of a body and has not been read. Grows to what the window lets pass; small frames
 * are joined, so that they cost no more memory than their bytes. Guarded by the session's lock.
 */
final class BodyPipe {
  private static final byte[] NONE = {};
  private static final int FIRST_BYTES = 1024;

  private byte[] bytes = NONE;
  private int from;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(ByteBuffer data) {
    int n = data.remaining();
    if (n == 0) {
      return;
    }
    if (bytes.length - from - size < n) {
      byte[] room =
          bytes.length - size >= n && from >= size
              ? bytes // the free half at the front
              : new byte[Math.max(FIRST_BYTES, Math.max(size + n, 2 * size))];
      System.arraycopy(bytes, from, room, 0, size);
      bytes = room;
      from = 0;
    }
    data.get(bytes, from + size, n);
    size += n;
  }

  int read(byte[] target, int offset, int length) {
    int n = Math.min(length, size);
    System.arraycopy(bytes, from, target, offset, n);
    from += n;
    size -= n;
    if (size == 0) {
      from = 0;
    }
    return n;
  }

  /** Forgets what is there, and says how much that was. */
  int clear() {
    int n = size;
    bytes = NONE;
    from = 0;
    size = 0;
    return n;
  }
}
