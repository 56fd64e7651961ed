package dev.raddle.http;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A body with a limit. Once it has failed it fails again. */
final class MaxBytesReader extends InputStream {
  private final ResponseWriter writer;
  private final InputStream body;
  private final long limit;
  private long left;
  private boolean exceeded;

  MaxBytesReader(ResponseWriter writer, InputStream body, long limit) {
    this.writer = writer;
    this.body = body;
    this.limit = limit;
    left = limit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (exceeded) {
      throw new MaxBytesException(limit);
    }
    if (length == 0) {
      return 0;
    }
    if (left == 0) { // one more byte tells whether that was all
      if (body.read() < 0) {
        return -1;
      }
      exceeded = true;
      tellServer();
      throw new MaxBytesException(limit);
    }
    int n = body.read(target, offset, (int) Math.min(length, left));
    left -= Math.max(n, 0);
    return n;
  }

  private void tellServer() {
    @Nullable ResponseWriter w = writer;
    while (w != null) {
      if (w instanceof ServerResponse response) {
        response.requestTooLarge();
        return;
      }
      w = w.unwrap();
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
