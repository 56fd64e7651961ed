package dev.raddle.http2;

import dev.raddle.Go;
import dev.raddle.http.spi.StreamRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a server's connection: which may begin, which are there, how many handlers run.
 * Guarded by the session's lock; the reader opens streams, and their goroutines end.
 */
final class ServerStreams {
  private static final int REMEMBERED = 256;

  /** Handlers go on when their stream has been reset; as many again are let run. */
  private static final int HANDLERS_PER_STREAM = 2;

  private static final int REFUSED_PER_STREAM = 4; // Go's, for handlers that cannot be started

  private final Http2Session session;
  private final Map<Integer, ServerStreamState> open = new HashMap<>();
  private final Deque<Integer> begun = new ArrayDeque<>(); // the last of the numbers
  private int lastId;
  private int running;
  private int started; // in all; wraps
  private int refused; // in a row

  ServerStreams(Http2Session session) {
    this.session = session;
  }

  @Nullable ServerStreamState get(int id) {
    return open.get(id);
  }

  @Nullable ServerStreamState remove(int id) {
    return open.remove(id);
  }

  /** The last one that the client has begun. */
  int lastId() {
    return lastId;
  }

  /** Whether the client has not begun this stream. */
  boolean isIdle(int id) {
    return id % 2 == 0 || (id > lastId && !session.isGoingAway());
  }

  /** How many handlers have not returned. */
  int running() {
    return running;
  }

  /** How many handlers there have been. */
  int started() {
    return started;
  }

  /** The client begins a stream; returns whether a handler was started. */
  boolean open(HeadersFrame frame) {
    int id = frame.getStreamId();
    if (id % 2 == 0) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "stream of an even number");
      return false;
    }
    if (id <= lastId) {
      session.fail(
          begun.contains(id) ? ErrorCode.STREAM_CLOSED_ERROR : ErrorCode.PROTOCOL_ERROR,
          "head on a stream that has ended");
      return false;
    }
    if (session.isGoingAway()) {
      return false; // the client has not read it yet
    }
    lastId = id;
    remember(id);
    StreamRequest request = RequestHeads.of(frame);
    if (request == null) {
      session.flow.out.reset(id, ErrorCode.PROTOCOL_ERROR.code);
      return false;
    }
    if (refuses(id)) {
      if (refused > (long) REFUSED_PER_STREAM * session.config.maxConcurrentStreams()) {
        session.fail(ErrorCode.ENHANCE_YOUR_CALM_ERROR, "too many requests were given up");
      }
      return false;
    }
    start(id, request, frame.isEndStream());
    return true;
  }

  /** Begins stream 1 with a request that has come by HTTP/1. */
  void upgrade(StreamRequest request) {
    lastId = 1;
    start(1, request, true);
  }

  private void remember(int id) {
    if (begun.size() == REMEMBERED) {
      begun.removeFirst();
    }
    begun.addLast(id);
  }

  /** Refuses a stream that cannot be started now; says whether it did. */
  private boolean refuses(int id) {
    int limit = session.config.maxConcurrentStreams();
    if (open.size() < limit && running < (long) HANDLERS_PER_STREAM * limit) {
      refused = 0;
      return false;
    }
    session.flow.out.reset(id, ErrorCode.REFUSED_STREAM_ERROR.code);
    refused++;
    return true;
  }

  private void start(int id, StreamRequest request, boolean ended) {
    ServerStreamState stream = new ServerStreamState(session, id, request, ended);
    open.put(id, stream);
    running++;
    started++;
    Go.go(
        () -> {
          try {
            stream.run();
          } finally {
            session.lock.lock();
            try {
              running--;
            } finally {
              session.lock.unlock();
            }
            session.reportActivity();
            session.wake();
          }
        });
  }

  /** Moves the windows of all; says whether none is too large now. */
  boolean moveSendWindows(long bytes) {
    for (ServerStreamState stream : open.values()) {
      if (!stream.moveSendWindow(bytes)) {
        return false;
      }
    }
    return true;
  }

  /** Windows or queue may have room. */
  void signalWritable() {
    open.values().forEach(ServerStreamState::signalWritable);
  }

  /** Nothing comes and nothing goes any more; returns whose requests are to be told. */
  List<ServerStreamState> abandon(IOException why) {
    List<ServerStreamState> left = new ArrayList<>(open.values());
    left.forEach(stream -> stream.lose(why));
    open.clear();
    return left;
  }
}
