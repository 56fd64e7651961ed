package dev.raddle.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Views of a {@link Conn} in the JDK's shapes. */
final class Streams {
  private static final int PIECE_BYTES = 32 << 10;

  private Streams() {}

  /** A view of the segment's bytes from there on, as many as a buffer can hold. */
  static ByteBuffer buffer(MemorySegment segment, long from) {
    long size = Math.min(segment.byteSize() - from, Integer.MAX_VALUE);
    return segment.asSlice(from, size).asByteBuffer();
  }

  /** Copies a part of a file; returns how many bytes there were. */
  static long copy(FileChannel file, long position, long count, Conn target) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE_BYTES));
    long copied = 0;
    while (copied < count) {
      piece.clear().limit((int) Math.min(count - copied, piece.capacity()));
      int n = file.read(piece, position + copied);
      if (n < 0) {
        break;
      }
      target.write(piece.flip());
      copied += n;
    }
    return copied;
  }

  /** For reading. */
  static final class Input extends InputStream {
    private final Conn conn;

    Input(Conn conn) {
      this.conn = conn;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return conn.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      return conn.read(target, offset, length);
    }

    @Override
    public void close() throws IOException {
      conn.close();
    }
  }

  /** For writing. */
  static final class Output extends OutputStream {
    private final Conn conn;

    Output(Conn conn) {
      this.conn = conn;
    }

    @Override
    public void write(int b) throws IOException {
      conn.write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      conn.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
      conn.close();
    }
  }

  /** Both directions. */
  static final class Channel implements ByteChannel {
    private final Conn conn;
    private volatile boolean open = true;

    Channel(Conn conn) {
      this.conn = conn;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      checkOpen();
      return conn.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      checkOpen();
      int size = source.remaining();
      conn.write(source);
      return size;
    }

    private void checkOpen() throws ClosedChannelException {
      if (!open) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      conn.close();
    }
  }
}
