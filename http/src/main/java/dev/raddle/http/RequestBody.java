package dev.raddle.http;

import dev.raddle.http.internal.RequestParser;
import java.io.IOException;
import java.io.InputStream;
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
  private @Nullable Continue pendingContinue;
  private boolean expectsContinue;
  private boolean ended;

  RequestBody(RequestParser parser, @Nullable Continue pendingContinue) {
    this.parser = parser;
    this.pendingContinue = pendingContinue;
    expectsContinue = pendingContinue != null;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
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
    return parser.readBody(target, offset, length);
  }

  /** The response has begun: a client that still waits for 100 Continue must not get it now. */
  void cancelContinue() {
    pendingContinue = null;
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
    ended = true;
    if (expectsContinue || parser.unread() >= MAX_DRAINED_BYTES) {
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

  void end() {
    ended = true;
  }
}
