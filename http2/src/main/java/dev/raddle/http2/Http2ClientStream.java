package dev.raddle.http2;

import dev.raddle.http.spi.ClientStream;
import dev.raddle.http.spi.StreamHead;
import dev.raddle.http.spi.StreamRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.List;

/*
 * What a client does with a stream.
 *
 * Roles       The goroutine of the request: writeHead, readHead, readBody. The one that sends its
 *             body: writeBody, writeTrailer. Anybody: cancel.
 * Lock        Each call takes the session's lock, and lets go of it while it waits; behind it the
 *             session is settled.
 * Waits       for heads, bytes, windows and room in the queue: all on one condition. An interrupt
 *             ends the stream, as cancel does.
 */
/** What a client does with one request and its response. */
final class Http2ClientStream implements ClientStream, StreamOutput.Gate {
  private final Http2ClientSession session;
  private final ClientStreamState state;

  /** Takes the place of a stream, under the session's lock. */
  Http2ClientStream(Http2ClientSession session) {
    this.session = session;
    state = new ClientStreamState(session, this);
  }

  @Override
  public void writeHead(StreamRequest head, boolean last) throws IOException {
    session.lock.lock();
    try {
      if (!state.isReserved()) {
        throw state.failed();
      }
      session.start(state, head, last);
    } finally {
      session.lock.unlock();
      session.settle();
    }
  }

  @Override
  public void closeConnectionAfterwards() {
    session.lock.lock();
    try {
      state.retireConnection();
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void writeBody(byte[] bytes, int offset, int length, boolean last) throws IOException {
    session.lock.lock();
    try {
      state.out.write(bytes, offset, length, last);
    } finally {
      session.lock.unlock();
      session.settle();
    }
  }

  @Override
  public void writeTrailer(List<String> lines) throws IOException {
    session.lock.lock();
    try {
      check();
      session.queueHead(state.id(), ClientHeads.fields(lines), true);
      state.out.end();
    } finally {
      session.lock.unlock();
      session.settle();
    }
  }

  @Override
  public void check() throws IOException {
    if (!state.isOpen()) {
      throw state.failure() != null
          ? state.failed()
          : new IOException("http2: server has sent its answer");
    }
  }

  @Override
  public void await() throws IOException {
    session.wakeWriter();
    await(0);
  }

  @Override
  public void moved() {}

  @Override
  public StreamHead readHead(long deadline) throws IOException {
    session.lock.lock();
    try {
      while (true) {
        StreamHead head = state.nextHead();
        if (head != null) {
          return head;
        }
        IOException failure = state.failure();
        if (failure != null) {
          throw failure; // by its kind it says whether there may be another try
        }
        await(deadline);
      }
    } finally {
      session.lock.unlock();
      session.settle();
    }
  }

  @Override
  public int readBody(byte[] target, int offset, int length) throws IOException {
    session.lock.lock();
    try {
      while (state.in.isEmpty()) {
        IOException failure = state.failure();
        if (failure instanceof EOFException) {
          throw new EOFException(failure.getMessage());
        } else if (failure != null) {
          throw state.failed();
        }
        if (state.in.hasEnded()) {
          return -1;
        }
        await(0);
      }
      return state.in.read(target, offset, length);
    } finally {
      session.lock.unlock();
      session.settle();
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
  public void cancel() {
    session.lock.lock();
    try {
      state.drop(new IOException("http2: request canceled"));
    } finally {
      session.lock.unlock();
      session.settle();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the callers are the loops
  private void await(long deadline) throws IOException {
    try {
      if (deadline == 0) {
        state.changed.await();
        return;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("i/o timeout");
      }
      if (state.changed.awaitNanos(left) <= 0) {
        return; // looked at again by the caller
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      state.drop(new IOException("http2: interrupted"));
      throw new InterruptedIOException("http2: interrupted");
    }
  }
}
