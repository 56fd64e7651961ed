package dev.raddle.http2;

import java.io.IOException;

/*
 * The outgoing side of a stream, of a client's or a server's.
 *
 * Roles       Who sends the body: write. The reader of the connection: moveWindow.
 * Guarded by  the session's lock. write() is called with it, and lets go of it only in Gate.await.
 * Invariants  I1  No more is queued than both windows allow; what is queued is taken from both.
 *             I2  Nothing is queued behind `ended`, nor after Gate.check has thrown, which is asked
 *                 at the beginning and after each wait.
 */
/** The outgoing side of a stream: a body in frames, as the windows and the queue let it. */
final class StreamOutput {
  private static final byte[] NOTHING = {};

  /** What a write wants from its stream. Under the session's lock. */
  interface Gate {
    /** Throws if nothing can be sent. */
    void check() throws IOException;

    /**
     * Sees to it that what is queued goes out, and waits until windows or queue may have changed.
     */
    void await() throws IOException;

    /** Something has been queued. */
    void moved();
  }

  private final Flow flow;
  private final Gate gate;
  private int id;
  private long window;
  private boolean ended;

  StreamOutput(Flow flow, Gate gate) {
    this.flow = flow;
    this.gate = gate;
  }

  /** The stream has its number. */
  void open(int streamId) {
    id = streamId;
    window = flow.initialSendWindow();
  }

  /** The peer allows more, or less; says whether the window is not too large now. */
  boolean moveWindow(long bytes) {
    window += bytes;
    return Flow.isWindow(window);
  }

  boolean hasEnded() {
    return ended;
  }

  /** The last frame is queued. */
  void end() {
    ended = true;
  }

  /** Queues a part of a body, and waits as often as it must. */
  void write(byte[] bytes, int offset, int length, boolean last) throws IOException {
    gate.check();
    int from = offset;
    int left = length;
    while (left > 0) {
      int n = flow.room(window, left);
      if (n > 0) {
        flow.out.data(id, bytes, from, n, last && n == left);
        flow.spend(n);
        window -= n;
        from += n;
        left -= n;
        gate.moved();
      } else {
        gate.await();
        gate.check();
      }
    }
    if (length == 0 && last) {
      flow.out.data(id, NOTHING, 0, 0, true);
    }
    if (last) {
      ended = true;
    }
  }
}
