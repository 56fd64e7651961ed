package dev.raddle.http.websocket;

import dev.raddle.net.Conn;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads frames, and refuses those that break the rules. For one thread at a time. */
final class FrameReader {
  private final Conn conn;
  private final boolean expectMasked;
  private final ByteBuffer buffer = ByteBuffer.allocate(4096).limit(0);

  FrameReader(Conn conn, boolean expectMasked) {
    this.conn = conn;
    this.expectMasked = expectMasked;
  }

  Frame head() throws IOException {
    need(2);
    int first = buffer.get() & 0xff;
    int second = buffer.get() & 0xff;
    boolean fin = (first & 0x80) != 0;
    int opcode = first & 0x0f;
    if ((first & 0x70) != 0) {
      throw new WebSocketException(1002, "reserved bits are set, no extension was agreed on");
    }
    if (opcode > Frame.PONG || (opcode > Frame.BINARY && opcode < Frame.CLOSE)) {
      throw new WebSocketException(1002, "reserved opcode " + opcode);
    }
    boolean masked = (second & 0x80) != 0;
    if (masked != expectMasked) {
      throw new WebSocketException(
          1002, expectMasked ? "a client must mask its frames" : "a server must not mask");
    }
    long length = second & 0x7f;
    if (opcode >= Frame.CLOSE && (!fin || length > Frame.MAX_CONTROL_BYTES)) {
      throw new WebSocketException(1002, "a control frame must be short and whole");
    }
    if (length == 126) {
      need(2);
      length = buffer.getShort() & 0xffff;
    } else if (length == 127) {
      need(8);
      length = buffer.getLong();
      if (length < 0) {
        throw new WebSocketException(1002, "a length must not be negative");
      }
    }
    int mask = 0;
    if (masked) {
      need(4);
      mask = buffer.getInt();
    }
    return new Frame(fin, opcode, length, mask);
  }

  /** Reads a whole payload into an array. */
  void payload(byte[] target, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (!buffer.hasRemaining()) {
        fill();
      }
      int n = Math.min(left, buffer.remaining());
      buffer.get(target, from, n);
      from += n;
      left -= n;
    }
  }

  /** Drops all that comes until the peer has closed. */
  void drain() throws IOException {
    int n;
    do {
      n = conn.read(buffer.clear());
    } while (n >= 0);
  }

  private void need(int bytes) throws IOException {
    while (buffer.remaining() < bytes) {
      fill();
    }
  }

  private void fill() throws IOException {
    buffer.compact();
    int n;
    try {
      n = conn.read(buffer);
    } finally {
      buffer.flip();
    }
    if (n < 0) {
      throw new EOFException("unexpected EOF");
    }
  }
}
