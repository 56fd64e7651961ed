package dev.raddle.http;

import java.io.OutputStream;

/** A response's body as a stream. */
final class ResponseStream extends OutputStream {
  private final ResponseWriter writer;

  ResponseStream(ResponseWriter writer) {
    this.writer = writer;
  }

  @Override
  public void write(int b) {
    writer.write(new byte[] {(byte) b});
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    writer.write(bytes, offset, length);
  }

  @Override
  public void flush() {
    writer.flush();
  }
}
