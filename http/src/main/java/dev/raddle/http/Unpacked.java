package dev.raddle.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Begins to unpack at the first read: an empty body has no gzip header. */
final class Unpacked extends InputStream {
  private final InputStream packed;
  private @Nullable InputStream unpacked;

  Unpacked(InputStream packed) {
    this.packed = packed;
  }

  /** Whether to ask for a packed body that the caller has not asked for. */
  static boolean isOffered(TransportBuilder config, Request request) {
    return config.compression
        && !request.headers().contains("Accept-Encoding")
        && !request.headers().contains("Range")
        && !request.method().equals(Http.METHOD_HEAD);
  }

  private InputStream in() throws IOException {
    if (unpacked == null) {
      int first = packed.read();
      unpacked =
          first < 0
              ? InputStream.nullInputStream()
              : new GZIPInputStream(
                  new SequenceInputStream(
                      new ByteArrayInputStream(new byte[] {(byte) first}), packed));
    }
    return unpacked;
  }

  @Override
  public int read() throws IOException {
    return in().read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return in().read(target, offset, length);
  }

  @Override
  public void close() throws IOException {
    packed.close();
  }
}
