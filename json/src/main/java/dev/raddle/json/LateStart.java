package dev.raddle.json;

import dev.raddle.http.ResponseWriter;
import java.io.OutputStream;

/** The body of a response whose head is set when the first bytes come. */
final class LateStart extends OutputStream {
  private final ResponseWriter writer;
  private final Runnable start;
  private boolean started;

  LateStart(ResponseWriter writer, Runnable start) {
    this.writer = writer;
    this.start = start;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (!started) {
      started = true;
      start.run();
    }
    writer.write(bytes, offset, length);
  }
}
