package dev.raddle.http2;

import java.nio.ByteBuffer;
import java.util.List;

/*
 * The incoming side of a stream, of a client's or a server's.
 *
 * Roles       The reader of the connection: take, add, end. Who reads the body: read. Both sides of
 *             the stream's end: close, drop.
 * Guarded by  the session's lock.
 * Invariants  I1  Bytes that the connection has received are in the pipe, or given back to its
 *                 window, exactly once.
 *             I2  The window of the stream is announced only while more may come: neither ended by
 *                 the peer nor closed by us.
 */
/** The incoming side of a stream: what has come of its body, how much may come, what is behind. */
final class StreamInput {
  private final Flow flow;
  private final ReceiveWindow window;
  private final BodyPipe pipe = new BodyPipe();
  private int id;
  private long missing = -1;
  private boolean ended;
  private boolean closed;
  private List<String> trailer = List.of();

  StreamInput(Flow flow, ReceiveWindow window) {
    this.flow = flow;
    this.window = window;
  }

  /** The stream has its number. */
  void open(int streamId) {
    id = streamId;
  }

  /** The head has said how long the body is; -1 if it has not. */
  void expect(long bytes) {
    missing = bytes;
  }

  /** How much of the body has not come; 0 or less if nothing is known to be missing. */
  long missing() {
    return missing;
  }

  /** Whether so much is more than the head has said. */
  boolean exceeds(int bytes) {
    return missing >= 0 && bytes > missing;
  }

  /** Bytes have come, padding included; says whether the window of the stream allowed them. */
  boolean take(int windowBytes) {
    return window.take(windowBytes);
  }

  /** Keeps a part of the body, which {@link #take} has counted with its padding. */
  void add(ByteBuffer data, int windowBytes) {
    int bytes = data.remaining();
    missing -= missing < 0 ? 0 : bytes;
    pipe.add(data);
    giveBack(windowBytes - bytes);
  }

  /** The peer has sent all. */
  void end() {
    ended = true;
  }

  void end(List<String> lines) {
    trailer = lines;
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  List<String> trailer() {
    return trailer;
  }

  /** Nothing comes any more, be it because nobody wants it. */
  void close() {
    closed = true;
  }

  boolean isEmpty() {
    return pipe.isEmpty();
  }

  int read(byte[] target, int offset, int length) {
    int n = pipe.read(target, offset, length);
    giveBack(n);
    return n;
  }

  /** Nobody will read what has come. */
  void drop() {
    flow.giveBack(pipe.clear());
  }

  private void giveBack(int bytes) {
    flow.giveBack(bytes);
    if (!ended && !closed) {
      int announced = window.give(bytes);
      if (announced > 0) {
        flow.out.windowUpdate(id, announced);
      }
    }
  }
}
