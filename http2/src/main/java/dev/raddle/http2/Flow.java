package dev.raddle.http2;

import java.util.Map;
import org.eclipse.jetty.http2.frames.SettingsFrame;

/**
 * What flows over a connection, a client's or a server's: the queue of its frames, the windows that
 * all streams share, and what the peer wants of what is sent. Guarded by the session's lock.
 */
final class Flow {
  static final int DEFAULT_WINDOW_BYTES = 65_535;
  private static final int DEFAULT_FRAME_BYTES = 16_384;
  private static final long MAX_WINDOW_BYTES = Integer.MAX_VALUE;

  final FrameQueue out = new FrameQueue();
  private final int windowBytes;
  private final ReceiveWindow receiveWindow;
  private long sendWindow = DEFAULT_WINDOW_BYTES;
  private int initialSendWindow = DEFAULT_WINDOW_BYTES;
  private int maxSendFrame = DEFAULT_FRAME_BYTES;

  /**
   * Makes one.
   *
   * @param windowBytes how much of bodies may come that nobody has read
   */
  Flow(int windowBytes) {
    this.windowBytes = windowBytes;
    receiveWindow = new ReceiveWindow(windowBytes, Math.max(windowBytes, DEFAULT_WINDOW_BYTES));
  }

  /** Says that more may come than by the standard. Behind the first SETTINGS. */
  void announce() {
    if (windowBytes > DEFAULT_WINDOW_BYTES) {
      out.windowUpdate(0, windowBytes - DEFAULT_WINDOW_BYTES);
    }
  }

  /** Bytes have come; says whether the window allowed them. */
  boolean receive(int bytes) {
    return receiveWindow.take(bytes);
  }

  /** Bytes have been read, or are not wanted. */
  void giveBack(int bytes) {
    int announced = receiveWindow.give(bytes);
    if (announced > 0) {
      out.windowUpdate(0, announced);
    }
  }

  /** The peer allows more; says whether the window is not too large now. */
  boolean moveSendWindow(int bytes) {
    sendWindow += bytes;
    return isWindow(sendWindow);
  }

  /** Whether a window may be as large as this. */
  static boolean isWindow(long bytes) {
    return bytes <= MAX_WINDOW_BYTES;
  }

  int initialSendWindow() {
    return initialSendWindow;
  }

  int maxSendFrame() {
    return maxSendFrame;
  }

  /** How much of a body may be queued in one frame; 0 if its sender has to wait. */
  int room(long streamWindow, int wanted) {
    if (out.isFull()) {
      return 0;
    }
    long window = Math.min(sendWindow, streamWindow);
    return Math.clamp(window, 0, Math.min(wanted, maxSendFrame));
  }

  /** So much of a body has been queued. */
  void spend(int bytes) {
    sendWindow -= bytes;
  }

  /**
   * Takes over what the peer wants.
   *
   * @param settings from its frame
   * @param tableBytes how large a table we keep to compress heads, at most
   * @param frameBytes how long our frames are, at most
   * @return by how much the windows of all streams move
   */
  long apply(Map<Integer, Integer> settings, int tableBytes, int frameBytes) {
    Integer table = settings.get(SettingsFrame.HEADER_TABLE_SIZE);
    if (table != null) {
      out.setTableSize(table, tableBytes);
    }
    Integer frame = settings.get(SettingsFrame.MAX_FRAME_SIZE);
    if (frame != null) {
      maxSendFrame = Math.min(frame, frameBytes);
    }
    Integer window = settings.get(SettingsFrame.INITIAL_WINDOW_SIZE);
    if (window == null) {
      return 0;
    }
    long delta = (long) window - initialSendWindow;
    initialSendWindow = window;
    return delta;
  }
}
