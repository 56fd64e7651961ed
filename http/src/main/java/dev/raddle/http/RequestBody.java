package dev.raddle.http;

import dev.raddle.http.internal.HeaderText;
import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.spi.BodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * The body of one request.
 *
 * Roles       Readers: the handler, and goroutines that it started or left behind, such as the upload of
 *             a proxy. The server: the connection's goroutine, which drains and then settles.
 * Locks       turn: who uses the parser. Held while the network is waited for, so the server only
 *             tries it: nobody knows how long somebody else reads, and what is left of the body.
 *             this: the flags, and the writing of 100 Continue, 25 bytes. Taken under turn, never
 *             the other way round.
 * Invariants  I1  After complete is set, or settle() has returned, nobody gets to the parser through
 *                 here: it may be at the next request. If the body is not complete then, the
 *                 connection is closed; a reader that is still in the parser ends with it.
 *             I2  No byte of a response goes out while 100 Continue does, nor that one after it:
 *                 cancelContinue() before, or interim responses under this lock.
 *             I3  onEnd, which reads ahead on the connection, runs while the request is the current
 *                 one: under this lock, and not after ended.
 * Departs     Go's server waits for the reader before it sends the head of the response (body.mu);
 *             ours sends it at once, with Connection: close.
 * Checked by  RequestBodyTest, BodyRaceTest.
 */
/** The body of one request. Sends 100 Continue, if the client waits for it, at the first read. */
final class RequestBody extends InputStream {
  /** How much of an unread body is read to keep the connection; Go's maxPostHandlerReadBytes. */
  private static final int MAX_DRAINED_BYTES = 256 << 10;

  /** Tells the client to go on. */
  interface Continue {
    void send() throws IOException;
  }

  private final ReentrantLock turn = new ReentrantLock();
  private final BodyReader parser; // guarded by turn
  private boolean awaitsTrailer; // guarded by turn; until it has been taken
  private final Headers trailer = new Headers();
  private final boolean expectsContinue;
  private final boolean http2; // lines as they came; with HTTP/1 the parser has looked at them
  private @Nullable Continue pendingContinue; // guarded by this, as the next
  private @Nullable Runnable onEnd;
  private boolean complete;
  private boolean ended;
  private volatile boolean closed;
  private volatile boolean tooLarge;

  RequestBody(BodyReader parser, RequestHead head, @Nullable Continue pendingContinue) {
    this.parser = parser;
    this.pendingContinue = pendingContinue;
    expectsContinue = pendingContinue != null;
    http2 = head.http2;
    complete = parser.isComplete();
    awaitsTrailer = head.contentLength < 0 || head.http2;
    for (String name : head.announced) {
      trailer.setAll(name, List.of());
    }
  }

  Headers trailer() {
    return trailer;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    turn.lock();
    try {
      if (closed) {
        throw new IOException("http: invalid Read on closed Body");
      }
      if (length == 0) {
        return 0;
      }
      if (!begin()) {
        return -1;
      }
      int n = parser.readBody(target, offset, length);
      if (n < 0 || parser.isComplete()) {
        atEnd();
      }
      return n;
    } finally {
      turn.unlock();
    }
  }

  /** Returns whether there is anything to read. */
  private synchronized boolean begin() throws IOException {
    if (complete) {
      return false;
    }
    if (ended) {
      throw new IOException("http: invalid read on the body of a request that was answered");
    }
    if (pendingContinue != null) {
      Continue sender = pendingContinue;
      pendingContinue = null;
      sender.send();
    }
    return true;
  }

  private void atEnd() {
    if (awaitsTrailer) {
      awaitsTrailer = false;
      List<String> lines = parser.trailer();
      for (int i = 0; i < lines.size(); i += 2) {
        String name = HeaderText.canonicalName(lines.get(i));
        if (http2 && !Trailers.isAllowed(name)) {
          continue;
        }
        if (i == 0 || trailer.values(name).isEmpty()) {
          trailer.del(name);
        }
        trailer.add(name, http2 ? HeaderText.decode(lines.get(i + 1)) : lines.get(i + 1));
      }
    }
    synchronized (this) {
      if (onEnd != null) { // I3
        onEnd.run();
        onEnd = null;
      }
      complete = true; // I1: the last thing
    }
  }

  /**
   * Runs something when the body has been read to its end, at once if it has been already; not at
   * all if the response was sent before.
   *
   * @param action does not block; only the server's own
   */
  synchronized void whenRead(Runnable action) {
    if (ended) {
      return;
    }
    if (complete) {
      action.run();
    } else {
      onEnd = action;
    }
  }

  /** Reads fail from now on; the server itself may still read the rest. Waits for nobody. */
  @Override
  public void close() {
    closed = true;
  }

  /** The response has begun: a client that still waits for 100 Continue must not get it now. */
  synchronized void cancelContinue() {
    pendingContinue = null;
  }

  /** A limit was passed: the rest is not read, and the connection closes after the response. */
  void markTooLarge() {
    tooLarge = true;
  }

  boolean isTooLarge() {
    return tooLarge;
  }

  /**
   * Reads the rest, if it is not too much and nobody else reads, before the head of the response
   * goes out.
   *
   * @return whether the connection can be used again
   */
  boolean drain() {
    if (settle()) {
      return true;
    }
    if (expectsContinue || tooLarge || !turn.tryLock()) {
      return false; // nobody knows whether the rest will come, or who gets it
    }
    try {
      return isComplete() || readRest();
    } catch (IOException e) {
      return false; // the client stopped in the middle; the response may still reach it
    } finally {
      turn.unlock();
    }
  }

  private boolean readRest() throws IOException {
    if (parser.unread() >= MAX_DRAINED_BYTES) {
      return false;
    }
    byte[] scratch = new byte[8 << 10];
    for (int total = 0; total < MAX_DRAINED_BYTES; ) {
      int n = parser.readBody(scratch, 0, scratch.length);
      if (n < 0) {
        atEnd();
        return true;
      }
      total += n;
    }
    return false;
  }

  synchronized boolean isComplete() {
    return complete;
  }

  /**
   * No new read gets to the connection from now on.
   *
   * @return whether the body has been read to its end, so that the next request may follow
   */
  synchronized boolean settle() {
    onEnd = null;
    ended = true;
    return complete;
  }

  /**
   * Before somebody else gets the connection, with what has been read of it: as {@link #settle}.
   *
   * @throws IOException if somebody is reading, who could not be stopped
   */
  void handOver() throws IOException {
    if (!turn.tryLock()) {
      throw new IOException("http: hijack: expected a body that nobody reads, found a read");
    }
    try {
      cancelContinue();
      settle();
    } finally {
      turn.unlock();
    }
  }
}
