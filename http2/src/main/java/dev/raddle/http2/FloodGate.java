package dev.raddle.http2;

import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.io.RateControl;

/**
 * Counts the frames that cost the sender next to nothing, by the second. Jetty's parser asks about
 * PING, SETTINGS, PRIORITY, RST_STREAM, malformed and continued heads, DATA without data, and
 * frames that are unknown. Used by the goroutine that reads.
 */
final class FloodGate implements RateControl {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final int limit;
  private long since = System.nanoTime();
  private int count;

  FloodGate(int limit) {
    this.limit = limit;
  }

  @Override
  public boolean onEvent(Object frame) {
    if (frame instanceof WindowUpdateFrame) {
      return true; // a fast download has many
    }
    long now = System.nanoTime();
    if (now - since >= SECOND_NANOS) {
      since = now;
      count = 0;
    }
    return ++count <= limit;
  }
}
