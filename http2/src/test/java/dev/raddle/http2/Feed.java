package dev.raddle.http2;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A body that comes piece by piece, as a test says. */
final class Feed extends InputStream {
  private static final byte[] END = {};

  private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
  private volatile @Nullable IOException failure;
  private byte[] piece = {};
  private int from;
  private boolean ended;

  void send(String text) {
    pieces.add(text.getBytes(StandardCharsets.UTF_8));
  }

  void end() {
    pieces.add(END);
  }

  /** What is read next fails. */
  void fail(IOException why) {
    failure = why;
    end();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (from == piece.length && !ended) {
      byte[] next = poll();
      if (next == null) {
        throw new IOException("nothing came of the test");
      }
      piece = next;
      from = 0;
      ended = next.length == 0;
    }
    if (ended) {
      IOException why = failure;
      if (why != null) {
        throw why;
      }
      return -1;
    }
    int n = Math.min(length, piece.length - from);
    System.arraycopy(piece, from, target, offset, n);
    from += n;
    return n;
  }

  private byte @Nullable [] poll() throws IOException {
    try {
      return pieces.poll(40, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
