package dev.raddle.http;

import dev.raddle.context.Context;
import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.spi.ClientStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response that comes by a stream. Closed before its end it ends the stream, so that
 * the server stops sending; so does the garbage collector, if nobody closes it.
 */
final class StreamedBody extends InputStream {
  /** What must not refer to the body itself. */
  private record Abandoned(
      ClientStream stream, Context.@Nullable Stop watch, AtomicBoolean complete)
      implements Runnable {
    @Override
    public void run() {
      if (watch != null) {
        watch.stop();
      }
      if (!complete.get()) {
        stream.cancel();
      }
    }
  }

  private final ClientStream stream;
  private final Context context;
  private final Headers trailer;
  private final AtomicBoolean complete = new AtomicBoolean();
  private final Cleaner.Cleanable end;
  private volatile boolean closed;

  /** Takes over the watch of the context. */
  StreamedBody(
      ClientStream stream, Context context, Context.@Nullable Stop watch, Headers trailer) {
    this.stream = stream;
    this.context = context;
    this.trailer = trailer;
    end = ClientBody.CLEANER.register(this, new Abandoned(stream, watch, complete));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("http: read on closed response body");
    }
    if (complete.get()) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    try {
      int n = stream.readBody(target, offset, length);
      if (n < 0) {
        atEnd();
      }
      return n;
    } catch (IOException e) {
      if (closed) {
        throw new IOException("http: read on closed response body", e);
      }
      Transport.checkContext(context);
      throw e;
    }
  }

  private void atEnd() {
    if (complete.compareAndSet(false, true)) {
      List<String> lines = stream.trailer();
      for (int i = 0; i < lines.size(); i += 2) {
        trailer.add(lines.get(i), HeaderText.decode(lines.get(i + 1)));
      }
      end.clean();
    }
  }

  @Override
  public void close() {
    closed = true;
    end.clean();
  }
}
