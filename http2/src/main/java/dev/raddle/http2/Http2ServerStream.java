package dev.raddle.http2;

import dev.raddle.http.spi.ServerStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;

/*
 * What the server does with a stream.
 *
 * Roles       The stream's own goroutine, and whom the handler has given the body: readBody, write*,
 *             end. Anybody: the deadlines.
 * Lock        Each call takes the session's lock, and lets go of it while it waits. With what was
 *             queued the writer is woken behind it, or before a wait.
 * Waits       for bytes of the body; for the windows and for room in the queue. Both end when the
 *             stream is lost, by a deadline, an interrupt, or when nothing has moved for the server's
 *             stall timeout.
 */
/** What the server does with one request and its response. */
final class Http2ServerStream implements ServerStream, StreamOutput.Gate {
  /** Only ever a cause, and without a stack: every stream ends by it. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack that could be wrong
  private static final IOException ANSWERED = new Answered();

  private static final class Answered extends IOException {
    private static final long serialVersionUID = 1L;

    Answered() {
      super("http2: the request has been answered");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private final Http2Session session;
  private final Flow flow;
  private final ServerStreamState state;

  Http2ServerStream(Http2Session session, ServerStreamState state) {
    this.session = session;
    this.state = state;
    flow = session.flow;
  }

  @Override
  public int readBody(byte[] target, int offset, int length) throws IOException {
    session.lock.lock();
    try {
      state.readable.begin();
      while (state.in.isEmpty()) {
        if (state.in.hasEnded()) {
          return -1;
        }
        IOException why = state.lost();
        if (why instanceof EOFException) {
          throw new EOFException(why.getMessage());
        } else if (why != null) {
          throw new IOException(why.getMessage(), why);
        }
        if (state.readable.isOver()) {
          throw new SocketTimeoutException("i/o timeout");
        }
        await(state.readable, "nothing came of the request's body");
      }
      return state.in.read(target, offset, length);
    } finally {
      session.lock.unlock();
      session.wake();
    }
  }

  @Override
  public boolean isComplete() {
    session.lock.lock();
    try {
      return state.in.hasEnded() && state.in.isEmpty();
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public List<String> trailer() {
    session.lock.lock();
    try {
      return state.in.trailer();
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void writeHead(int status, List<String> lines, boolean last) throws IOException {
    var message = new MetaData.Response(status, null, HttpVersion.HTTP_2, FrameQueue.fields(lines));
    writeHead(message, last);
    if (last || status < 200) {
      session.wake();
    }
  }

  @Override
  public void writeTrailer(List<String> lines) throws IOException {
    writeHead(new MetaData(HttpVersion.HTTP_2, FrameQueue.fields(lines)), true);
    session.wake();
  }

  private void writeHead(MetaData message, boolean last) throws IOException {
    session.lock.lock();
    try {
      state.writable.begin();
      check();
      while (flow.out.isFull()) {
        await();
        check();
      }
      try {
        flow.out.head(state.id(), message, last, flow.maxSendFrame());
      } catch (IOException e) {
        session.fail(ErrorCode.INTERNAL_ERROR, "head cannot be sent");
        throw e;
      }
      if (last) {
        state.out.end();
        state.leaveIfDone();
      }
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void writeBody(byte[] bytes, int offset, int length, boolean last) throws IOException {
    session.lock.lock();
    try {
      state.writable.begin();
      state.out.write(bytes, offset, length, last);
      state.leaveIfDone();
    } finally {
      session.lock.unlock();
    }
    session.wake();
  }

  @Override
  public void check() throws IOException {
    IOException why = state.lost() != null ? state.lost() : session.broken();
    if (why != null) {
      throw new IOException(why.getMessage(), why);
    }
    if (state.out.hasEnded()) {
      throw new IOException("http2: the response has ended");
    }
    if (state.writable.isOver()) {
      state.reset(ErrorCode.INTERNAL_ERROR); // as Go; what was promised cannot be kept
      throw new SocketTimeoutException("i/o timeout");
    }
  }

  @Override
  public void await() throws IOException {
    session.wake();
    await(state.writable, "the client took nothing of the response");
  }

  @Override
  public void moved() {
    state.writable.begin();
  }

  private void await(StreamWait wait, String stalled) throws IOException {
    if (wait.isStalled()) {
      state.reset(ErrorCode.CANCEL_STREAM_ERROR);
      long millis = session.link.stallNanos() / 1_000_000;
      throw new SocketTimeoutException(
          "http2: " + stalled + " for " + millis + " ms (stallTimeout)");
    }
    wait.await();
  }

  @Override
  public void flush() throws IOException {
    session.wake();
  }

  @Override
  public void setReadDeadline(long nanoTime) {
    session.lock.lock();
    try {
      state.readable.setDeadline(nanoTime);
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void setWriteDeadline(long nanoTime) {
    session.lock.lock();
    try {
      state.writable.setDeadline(nanoTime);
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void end() {
    session.lock.lock();
    try {
      if (!state.out.hasEnded()) {
        state.reset(ErrorCode.INTERNAL_ERROR); // as Go after a panic
      } else if (!state.in.hasEnded()) {
        state.reset(ErrorCode.NO_ERROR); // the rest of the body is of no interest
      }
      state.in.drop();
      state.lose(ANSWERED);
    } finally {
      session.lock.unlock();
    }
    session.wake();
  }
}
