package dev.raddle.http2;

import dev.raddle.Go;
import dev.raddle.http.spi.StreamExchange;
import dev.raddle.http.spi.StreamRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http2.ErrorCode;
import org.jspecify.annotations.Nullable;

/*
 * One stream: a request and its response.
 *
 * Roles       The reader of the connection: receive*, refuse, lose. What the stream's own goroutine
 *             does, and whom the handler has given the body, is in Http2ServerStream.
 * States      (in ended, out ended, lost) from (no, no, -) to one of (yes, yes, -), when the
 *             request has come and the response is queued, or (., ., why), when a side has reset it
 *             or the connection is gone. In both the stream is not in the session's table any more.
 * Guarded by  the session's lock: all but run and gone.
 */
/** One request and its response: how far they are. */
final class ServerStreamState {
  final StreamInput in;
  final StreamOutput out;
  final StreamWait readable;
  final StreamWait writable;
  private final Http2Session session;
  private final Flow flow;
  private final int id;
  private final StreamExchange exchange;
  private @Nullable IOException lost;

  ServerStreamState(Http2Session session, int id, StreamRequest request, boolean ended) {
    this.session = session;
    this.id = id;
    flow = session.flow;
    long stallNanos = session.link.stallNanos();
    readable = new StreamWait(session.lock, stallNanos);
    writable = new StreamWait(session.lock, stallNanos);
    in = new StreamInput(flow, session.newReceiveWindow());
    in.open(id);
    in.expect(request.contentLength());
    if (ended) {
      in.end();
    }
    Http2ServerStream stream = new Http2ServerStream(session, this);
    out = new StreamOutput(flow, stream);
    out.open(id);
    exchange = session.link.exchange(request, stream);
  }

  int id() {
    return id;
  }

  /** On the goroutine of the stream. */
  void run() {
    exchange.run();
  }

  /** Not under the lock: it is the server's code that runs. */
  void gone() {
    exchange.gone();
  }

  // What the reader does, under the lock.

  boolean hasEnded() {
    return in.hasEnded();
  }

  /** A part of the body, and as much more as it takes of the windows. */
  void receive(ByteBuffer data, int windowBytes, boolean last) {
    int bytes = data.remaining();
    boolean allowed = in.take(windowBytes);
    boolean tooShort = last && in.missing() > bytes;
    if (!allowed || in.exceeds(bytes) || tooShort) {
      flow.giveBack(windowBytes);
      refuse(allowed ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR);
      return;
    }
    in.add(data, windowBytes);
    if (last) {
      in.end();
      leaveIfDone();
    }
    readable.signal();
  }

  void receiveTrailer(List<String> lines) {
    if (in.missing() > 0) {
      refuse(ErrorCode.PROTOCOL_ERROR);
      return;
    }
    in.end(lines);
    leaveIfDone();
    readable.signal();
  }

  /** Takes it out of the table if both sides have ended. */
  void leaveIfDone() {
    if (in.hasEnded() && out.hasEnded()) {
      session.streams.remove(id);
    }
  }

  /** Returns whether the window is not too large now. */
  boolean moveSendWindow(long bytes) {
    writable.signal();
    return out.moveWindow(bytes);
  }

  void signalWritable() {
    writable.signal();
  }

  /** The client has broken a rule on this stream. */
  void refuse(ErrorCode error) {
    reset(error);
    Go.go(this::gone);
  }

  /** Nothing comes and nothing goes any more. */
  void lose(IOException why) {
    if (lost == null) {
      lost = why;
    }
    in.close();
    readable.signal();
    writable.signal();
  }

  /** Why it is lost; null if it is not. */
  @Nullable IOException lost() {
    return lost;
  }

  static IOException wasReset(int error) {
    ErrorCode known = ErrorCode.from(error);
    return new IOException(
        "http2: stream reset by the client: " + (known == null ? error : known.toString()));
  }

  /** Tells the client that it ends here, unless it has ended. */
  void reset(ErrorCode error) {
    if (lost == null) {
      flow.out.reset(id, error.code);
      session.streams.remove(id);
      lose(new IOException("http2: stream reset: " + error));
    }
  }
}
