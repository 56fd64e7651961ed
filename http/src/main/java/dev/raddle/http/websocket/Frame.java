package dev.raddle.http.websocket;

/**
 * What a frame's head says: RFC 6455, section 5.2.
 *
 * @param fin whether it is the last one of its message
 * @param opcode what it is
 * @param length of the payload, in bytes
 * @param mask to be applied to the payload; 0 for none
 */
record Frame(boolean fin, int opcode, long length, int mask) {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final int MAX_CONTROL_BYTES = 125;

  boolean isControl() {
    return opcode >= CLOSE;
  }

  /** Masks or unmasks, which is the same. */
  static void mask(byte[] bytes, int length, int mask) {
    if (mask != 0) {
      for (int i = 0; i < length; i++) {
        bytes[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
      }
    }
  }
}
