package dev.raddle.http.httputil;

import dev.raddle.Go;
import dev.raddle.Timer;
import dev.raddle.http.ResponseWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body and flushes it at once, after a time at most, or not at all: Go's maxLatencyWriter.
 * The timer's goroutine flushes, so both take turns; it ends with {@link #stop}.
 */
final class FlushingWriter {
  private final ResponseWriter out; // guarded by this, as all
  private final Duration latency;
  private @Nullable Timer timer;
  private boolean pending;
  private boolean stopped;

  /** Negative: at once; zero: not at all. */
  FlushingWriter(ResponseWriter out, Duration latency) {
    this.out = out;
    this.latency = latency;
  }

  /** The head counts as the first piece. */
  synchronized void start() {
    written();
  }

  synchronized void write(byte[] bytes, int length) {
    out.write(bytes, 0, length);
    written();
  }

  private void written() {
    if (latency.isNegative()) {
      out.flush();
    } else if (!latency.isZero() && !pending) {
      pending = true;
      if (timer == null) {
        timer = Go.afterFunc(latency, this::flush);
      } else {
        timer.reset(latency);
      }
    }
  }

  private synchronized void flush() {
    if (pending && !stopped) {
      pending = false;
      try {
        out.flush();
      } catch (UncheckedIOException gone) {
        stopped = true; // the next write says so
      }
    }
  }

  synchronized void stop() {
    stopped = true;
    if (timer != null) {
      timer.stop();
    }
  }
}
