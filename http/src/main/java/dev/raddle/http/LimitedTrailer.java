package dev.raddle.http;

import dev.raddle.http.spi.BodyReader;
import java.io.IOException;
import java.util.List;

/**
 * The body of a request that comes by a stream, whose trailer may have only so many lines, as that
 * of HTTP/1, whose parser counts them. A longer one fails the read that comes to the end.
 */
record LimitedTrailer(BodyReader body, int maxLines) implements BodyReader {
  @Override
  public int readBody(byte[] target, int offset, int length) throws IOException {
    int n = body.readBody(target, offset, length);
    if (body.isComplete() && body.trailer().size() / 2 > maxLines) {
      throw new IOException("http: trailer: expected at most " + maxLines + " lines, found more");
    }
    return n;
  }

  @Override
  public boolean isComplete() {
    return body.isComplete();
  }

  @Override
  public long unread() {
    return body.unread();
  }

  @Override
  public List<String> trailer() {
    return body.trailer();
  }
}
