package dev.raddle.http;

import dev.raddle.http.internal.RequestHead;
import dev.raddle.http.internal.RequestParser;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of one request. Sends 100 Continue, if the client waits for it, at the first read. */
final class RequestBody extends InputStream {
  /** How much of an unread body is read to keep the connection; Go's maxPostHandlerReadBytes. */
  private static final int MAX_DRAINED_BYTES = 256 << 10;

  /** Tells the client to go on. */
  interface Continue {
    void send() throws IOException;
  }

  private final RequestParser parser;
  private @Nullable RequestHead chunkedHead; // until its trailer has been taken
  private final Headers trailer = new Headers();
  private @Nullable Continue pendingContinue;
  private @Nullable Runnable onEnd; // guarded by this, as the next
  private boolean read;
  private final boolean expectsContinue;
  private boolean ended;
  private boolean closed;
  private boolean tooLarge;

  RequestBody(RequestParser parser, RequestHead head, @Nullable Continue pendingContinue) {
    this.parser = parser;
    this.pendingContinue = pendingContinue;
    expectsContinue = pendingContinue != null;
    read = parser.isComplete();
    chunkedHead = head.contentLength < 0 ? head : null;
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
    if (closed) {
      throw new IOException("http: invalid Read on closed Body");
    }
    if (length == 0) {
      return 0;
    }
    if (ended) {
      if (parser.isComplete()) {
        return -1;
      }
      throw new IOException("http: invalid read on the body of a request that was answered");
    }
    if (pendingContinue != null) {
      Continue sender = pendingContinue;
      pendingContinue = null;
      sender.send();
    }
    int n = parser.readBody(target, offset, length);
    if (n < 0 || parser.isComplete()) {
      atEnd();
    }
    return n;
  }

  private void atEnd() {
    if (chunkedHead != null) {
      chunkedHead = null;
      List<String> lines = parser.trailer();
      for (int i = 0; i < lines.size(); i += 2) {
        if (i == 0 || trailer.values(lines.get(i)).isEmpty()) {
          trailer.del(lines.get(i));
        }
        trailer.add(lines.get(i), lines.get(i + 1));
      }
    }
    Runnable action;
    synchronized (this) {
      read = true;
      action = onEnd;
      onEnd = null;
    }
    if (action != null) {
      action.run();
    }
  }

  /** Runs something when the body has been read to its end, at once if it has been already. */
  void whenRead(Runnable action) {
    synchronized (this) {
      if (!read) {
        onEnd = action;
        return;
      }
    }
    action.run();
  }

  /** Reads fail from now on; the server itself may still read the rest. */
  @Override
  public void close() {
    closed = true;
  }

  /** The response has begun: a client that still waits for 100 Continue must not get it now. */
  void cancelContinue() {
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
   * Reads the rest, if it is not too much, before the head of the response goes out.
   *
   * @return whether the connection can be used again
   */
  boolean drain() {
    if (parser.isComplete()) {
      return true;
    }
    end();
    if (expectsContinue || tooLarge || parser.unread() >= MAX_DRAINED_BYTES) {
      return false; // nobody knows whether the rest will come, or it is too much
    }
    byte[] scratch = new byte[8 << 10];
    try {
      for (int total = 0; total < MAX_DRAINED_BYTES; ) {
        int n = parser.readBody(scratch, 0, scratch.length);
        if (n < 0) {
          return true;
        }
        total += n;
      }
    } catch (IOException e) {
      return false; // the client stopped in the middle; the response may still reach it
    }
    return false;
  }

  boolean isComplete() {
    return parser.isComplete();
  }

  synchronized void end() {
    onEnd = null;
    ended = true;
  }
}
