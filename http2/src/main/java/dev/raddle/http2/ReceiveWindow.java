package dev.raddle.http2;

/**
 * How much of bodies the peer may send, on a connection or a stream. What has been read is given
 * back in halves of the window, not with each read. Guarded by the session's lock.
 */
final class ReceiveWindow {
  private final int threshold;
  private long available;
  private int unannounced; // read, and not given back

  ReceiveWindow(int bytes, int available) {
    threshold = Math.max(bytes / 2, 1);
    this.available = available;
  }

  /** Bytes have come; says whether they were allowed. */
  boolean take(int bytes) {
    available -= bytes;
    return available >= 0;
  }

  /** Bytes have been read; returns what is to be announced, mostly 0. */
  int give(int bytes) {
    unannounced += bytes;
    if (unannounced < threshold) {
      return 0;
    }
    int announced = unannounced;
    unannounced = 0;
    available += announced;
    return announced;
  }
}
