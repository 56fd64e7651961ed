package dev.raddle.http2;

import dev.raddle.http.spi.StreamHead;
import dev.raddle.http.spi.UnansweredException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.jspecify.annotations.Nullable;

/*
 * One request of a client, and its response.
 *
 * Roles       The reader of the connection: receive*, refuse, lose. What the goroutines of the
 *             request do is in Http2ClientStream.
 * States      RESERVED -> OPEN         // writeHead: it has a number, and is in the session's table
 *             OPEN -> DONE             // both sides have ended, or one has reset it, or the connection
 *                                      // has ended: it is in the table no more
 *             RESERVED -> DONE         // cancel, or the connection takes no more requests
 *             When the server has ended its side first, the other one is ended for it: nobody reads
 *             the rest of the request. So DONE follows, and what has come is read afterwards.
 * Failure     What the stream has ended by, if not by its end. Heads and bytes that came before are
 *             delivered before it, unless it was cancelled: then they are dropped.
 * Guarded by  the session's lock.
 */
/** One request of a client and its response: how far they are. */
final class ClientStreamState {
  private enum State {
    RESERVED,
    OPEN,
    DONE
  }

  private static final int MAX_INTERIM_HEADS = 100; // that nobody has read yet

  final StreamInput in;
  final StreamOutput out;
  final Condition changed; // anything of it
  private final Http2ClientSession session;
  private final Flow flow;
  private final Deque<StreamHead> heads = new ArrayDeque<>(2);
  private State state = State.RESERVED;
  private int id;
  private boolean toHead;
  private boolean retires; // the connection, when it is sent
  private boolean answered; // by a head that is not of the 1xx kind
  private @Nullable IOException failure;

  /** Its place is reserved. */
  ClientStreamState(Http2ClientSession session, StreamOutput.Gate gate) {
    this.session = session;
    flow = session.flow;
    changed = session.lock.newCondition();
    int window = Http2ClientSession.STREAM_WINDOW_BYTES;
    in = new StreamInput(flow, new ReceiveWindow(window, window));
    out = new StreamOutput(flow, gate);
  }

  // What the session does, under the lock.

  void open(int newId, boolean isHead, boolean last) {
    id = newId;
    toHead = isHead;
    in.open(newId);
    out.open(newId);
    if (last) {
      out.end();
    }
    state = State.OPEN;
  }

  int id() {
    return id;
  }

  boolean isReserved() {
    return state == State.RESERVED;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Makes it the last one of its connection. */
  void retireConnection() {
    retires = true;
  }

  boolean retires() {
    return retires;
  }

  void signal() {
    changed.signalAll();
  }

  /** Returns whether the window is not too large now. */
  boolean moveSendWindow(long bytes) {
    signal();
    return out.moveWindow(bytes);
  }

  void receiveHead(MetaData message, boolean last) {
    try {
      if (answered) {
        in.end(ClientHeads.trailer(message, last, session.maxHeaderBytes()));
      } else {
        StreamHead head = ClientHeads.response(message, last, session.maxHeaderBytes());
        if (head.status() >= 200) {
          head = answer(head);
        } else if (heads.size() >= MAX_INTERIM_HEADS) {
          throw new IOException("too many 1xx informational responses");
        }
        heads.add(head);
      }
    } catch (IOException malformed) {
      refuse(ErrorCode.PROTOCOL_ERROR, malformed.getMessage());
      return;
    }
    if (last) {
      endRemote();
    }
    signal();
  }

  private StreamHead answer(StreamHead head) {
    answered = true;
    boolean hasBody = !toHead && head.status() != 204 && head.status() != 304;
    in.expect(hasBody ? head.contentLength() : -1);
    boolean tooShort = head.last() && in.missing() > 0; // seen when the body is read, as in Go
    return tooShort
        ? new StreamHead(head.status(), head.lines(), head.contentLength(), false)
        : head;
  }

  /** A part of the body, and how much it takes of the windows. */
  void receiveData(ByteBuffer data, int windowBytes, boolean last) {
    int bytes = data.remaining();
    if (!in.take(windowBytes)) {
      session.fail(ErrorCode.FLOW_CONTROL_ERROR, "window of a stream exceeded");
      return;
    }
    String problem = null;
    if (!answered) {
      problem = "received DATA before a HEADERS frame";
    } else if (toHead && bytes > 0) {
      problem = "received DATA on a HEAD request";
    } else if (in.exceeds(bytes)) {
      problem = "server replied with more than declared Content-Length";
    }
    if (problem != null) {
      flow.giveBack(windowBytes);
      refuse(ErrorCode.PROTOCOL_ERROR, problem);
      return;
    }
    in.add(data, windowBytes);
    if (last) {
      endRemote();
    }
    signal();
  }

  private void endRemote() {
    in.end();
    if (in.missing() > 0) {
      failure =
          new EOFException("unexpected EOF: " + in.missing() + " bytes of the body are missing");
    }
    if (!out.hasEnded()) {
      flow.out.reset(id, ErrorCode.NO_ERROR.code); // Go's; the rest is of no interest
    }
    leave();
  }

  void receiveReset(int error) {
    ErrorCode known = ErrorCode.from(error);
    String name = known == null ? Integer.toString(error) : known.toString();
    String message = "http2: stream error: stream ID " + id + "; " + name + "; received from peer";
    boolean refused = known == ErrorCode.REFUSED_STREAM_ERROR && !answered;
    end(refused ? new UnansweredException(message, true, null) : new IOException(message));
  }

  /** The server has broken a rule on this stream. */
  void refuse(ErrorCode error, @Nullable String reason) {
    flow.out.reset(id, error.code);
    end(new IOException("http2: " + reason));
  }

  /** The connection has ended. Another one may be tried if this one had been used before. */
  void lose(IOException why) {
    String message = String.valueOf(why.getMessage());
    boolean silent = !answered && heads.isEmpty();
    end(
        silent && ClientStreams.isReused(id)
            ? new UnansweredException(message, false, why)
            : new IOException(message, why));
  }

  /** The server will not look at it. */
  void skip(String message) {
    end(new UnansweredException(message, true, null));
  }

  private void end(IOException why) {
    if (failure == null) {
      failure = why;
    }
    leave();
  }

  private void leave() {
    if (state == State.RESERVED) {
      session.unreserve();
    } else if (state == State.OPEN) {
      session.remove(id);
    }
    state = State.DONE;
    in.close();
    signal();
  }

  /** Ends it, and forgets what has come. */
  void drop(IOException why) {
    heads.clear();
    in.drop();
    if (state == State.OPEN) {
      flow.out.reset(id, ErrorCode.CANCEL_STREAM_ERROR.code);
    }
    end(why);
  }

  // What the request sees of it.

  /** The next head; null if there is none yet. */
  @Nullable StreamHead nextHead() {
    return heads.poll();
  }

  /** By what it has ended, if not by its end. */
  @Nullable IOException failure() {
    return failure;
  }

  /** A new exception about the failure. */
  IOException failed() {
    IOException why = failure;
    return why == null
        ? new IOException("http2: stream has ended")
        : new IOException(why.getMessage(), why);
  }
}
