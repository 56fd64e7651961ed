package dev.raddle.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/** Keeps a response until its handler returns. Used by the handler, and by the one who waits. */
final class TimeoutWriter implements ResponseWriter {
  private final Headers headers = new Headers();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(); // guarded by this, as all
  private final Consumer<String> log;
  private Headers sent = new Headers();
  private int status;
  private boolean late;
  private boolean warned;

  TimeoutWriter(Consumer<String> log) {
    this.log = log;
  }

  @Override
  public Headers header() {
    return headers;
  }

  @Override
  public synchronized void writeHeader(int newStatus) {
    if (newStatus < 100 || newStatus > 999) {
      throw new IllegalArgumentException(
          "writeHeader: invalid status, expected 100 to 999, found " + newStatus);
    }
    if (late || newStatus < 200) {
      return;
    }
    if (status == 0) {
      status = newStatus;
      sent = headers.copy();
    } else if (!warned) {
      warned = true;
      log.accept("http: superfluous writeHeader(" + newStatus + "), the status is " + status);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (late) {
      throw new UncheckedIOException(new IOException("http: Handler timeout"));
    }
    if (status == 0) {
      writeHeader(Http.STATUS_OK);
    }
    body.write(bytes, offset, length);
  }

  /** There is nothing to send before the handler returns. */
  @Override
  public void flush() {
    throw new UnsupportedOperationException("feature not supported");
  }

  synchronized void expire() {
    late = true;
  }

  synchronized void copyTo(ResponseWriter w) {
    if (status == 0) {
      writeHeader(Http.STATUS_OK);
    }
    Headers target = w.header();
    for (int i = 0; i < sent.size(); i++) {
      target.del(sent.name(i));
    }
    for (int i = 0; i < sent.size(); i++) {
      String value = sent.value(i);
      if (value == null) {
        target.setAll(sent.name(i), List.of());
      } else {
        target.add(sent.name(i), value);
      }
    }
    w.writeHeader(status);
    w.write(body.toByteArray());
  }
}
