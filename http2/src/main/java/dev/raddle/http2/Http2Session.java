package dev.raddle.http2;

import dev.raddle.http.Http2Config;
import dev.raddle.http.spi.ServerLink;
import dev.raddle.http.spi.ServerSession;
import dev.raddle.http.spi.UpgradeRequest;
import dev.raddle.runtime.Scheduler;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.jspecify.annotations.Nullable;

/*
 * One connection of HTTP/2.
 *
 * Roles       The reader: the connection's goroutine (ServerReader); parses, and changes streams
 *             (ServerFrames).
 *             A goroutine a stream: the handler; reads its body, queues its frames (Http2ServerStream).
 *             The writer: a goroutine that is there while something is queued (FrameWriter).
 * Lock        One for all: streams, windows, queue, compression. Held for no system call, no wait
 *             but its own conditions, and no code of others.
 * Invariants  I1  Whatever is queued has a writer, once wake() has been called; nobody else writes.
 *             I2  A stream is in the table until both sides have ended it or one has reset it; its
 *                 goroutine counts as running until the handler has returned, in the table or not.
 *             I3  Bytes that were received are read by the handler, or given back to the window of
 *                 the connection, exactly once.
 *             I4  Nothing is reported to the link after `over` (Activity).
 * Ends        fail(): the client broke the rules; GOAWAY with an error, and no stream survives.
 *             shutDown(): GOAWAY; the streams that are there come to their end.
 *             In both cases the writer ends the output when all has gone out, and the connection is
 *             closed when the client has done so, or a second later. FrameWriter.Side.fail: it
 *             cannot be written any more.
 */
/** One connection of HTTP/2, from the preface to its end. */
final class Http2Session implements ServerSession, FrameWriter.Side {
  private static final int DEFAULT_TABLE_BYTES = 4096;

  final ServerLink link;
  final Http2Config config;
  final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock, down to the line.
  final Flow flow;
  final ServerStreams streams = new ServerStreams(this);
  private final FrameWriter writer;
  private boolean settingsAcked;
  private boolean greeted;
  private boolean goingAway;
  private @Nullable ErrorCode failure;
  private @Nullable IOException broken;
  private IOException ending = new EOFException("http2: client disconnected");
  // ----

  private final Activity activity;
  private volatile boolean failed;

  Http2Session(ServerLink link) {
    this.link = link;
    config = link.http2();
    activity = new Activity(link, this::started, this::isActive);
    flow = new Flow(config.maxReceiveBufferPerConnection());
    writer = new FrameWriter(this, lock, flow.out, Scheduler.current());
    flow.out.setTableSize(DEFAULT_TABLE_BYTES, config.maxEncoderHeaderTableSize());
    flow.out.settings(
        settings()); // the first frame, whoever asks for others before serve() is called
    flow.announce();
  }

  private int[] settings() {
    return new int[] {
      SettingsFrame.HEADER_TABLE_SIZE, config.maxDecoderHeaderTableSize(),
      SettingsFrame.MAX_CONCURRENT_STREAMS, config.maxConcurrentStreams(),
      SettingsFrame.INITIAL_WINDOW_SIZE, config.maxReceiveBufferPerStream(),
      SettingsFrame.MAX_FRAME_SIZE, config.maxReadFrameSize(),
      SettingsFrame.MAX_HEADER_LIST_SIZE, link.maxHeaderBytes()
    };
  }

  @Override
  public void serve(@Nullable UpgradeRequest first) throws IOException {
    ServerReader reader = new ServerReader(this);
    try {
      wake();
      if (first != null) {
        reader.upgrade(first);
      }
      while (!failed && reader.readOnce()) {
        wake();
      }
      abandonStreams();
      wake();
      logFlood();
      if (failed) {
        reader.drain();
      }
    } finally {
      abandonStreams();
      activity.over();
    }
  }

  private void logFlood() {
    String flood = null;
    lock.lock();
    try {
      if (failure == ErrorCode.ENHANCE_YOUR_CALM_ERROR) {
        flood = ending.getMessage();
      }
    } finally {
      lock.unlock();
    }
    if (flood != null) {
      link.warn(flood);
    }
  }

  // What the reader and the streams report.

  /** The client's first SETTINGS are there. */
  void greet() {
    lock.lock();
    try {
      if (greeted) {
        return;
      }
      greeted = true;
    } finally {
      lock.unlock();
    }
    activity.greeted();
  }

  /** The client goes by our settings from now on. Under the lock. */
  void settingsAcked() {
    settingsAcked = true;
  }

  /** How much may come of one body. Under the lock. */
  ReceiveWindow newReceiveWindow() {
    int window = config.maxReceiveBufferPerStream();
    return new ReceiveWindow(
        window, // a client that has not read our settings yet goes by the standard
        settingsAcked ? window : Math.max(window, Flow.DEFAULT_WINDOW_BYTES));
  }

  private int started() {
    lock.lock();
    try {
      return streams.started();
    } finally {
      lock.unlock();
    }
  }

  private boolean isActive() {
    lock.lock();
    try {
      return streams.running() > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the server whether there are requests. Without the lock. */
  void reportActivity() {
    activity.report();
  }

  /** Whether new streams are passed over. Under the lock. */
  boolean isGoingAway() {
    return goingAway;
  }

  boolean isFailed() {
    return failed;
  }

  /** Why nothing can be sent any more; null if it can. Under the lock. */
  @Nullable IOException broken() {
    return broken;
  }

  private void abandonStreams() {
    List<ServerStreamState> left;
    lock.lock();
    try {
      left = streams.abandon(ending);
    } finally {
      lock.unlock();
    }
    left.forEach(ServerStreamState::gone);
  }

  // The writer.

  /** Sees to it that what is queued goes out, and that what is over ends. Does not wait. */
  void wake() {
    lock.lock();
    try {
      writer.wake();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean mustEnd() {
    return failed || (goingAway && streams.running() == 0);
  }

  @Override
  public void signalRoom() {
    streams.signalWritable();
  }

  @Override
  public void write(ByteBuffer batch) throws IOException {
    link.write(batch);
  }

  @Override
  public void end() throws IOException {
    link.closeWrite();
    closeSoon();
  }

  /** The connection has a last second. */
  void closeSoon() {
    activity.over();
    link.closeSoon();
  }

  @Override
  public void fail(IOException why) {
    lock.lock();
    try {
      writer.stop();
      broken = why;
      ending = why;
    } finally {
      lock.unlock();
    }
    abandonStreams();
    link.close(); // the reader comes to its end
  }

  // The end.

  /** The client has broken the rules: the connection ends, and with it all streams. */
  void fail(ErrorCode error, String reason) {
    lock.lock();
    try {
      if (failed) {
        return;
      }
      failed = true;
      failure = error;
      ending = new IOException("http2: connection ended by " + error + ": " + reason);
      flow.out.goAway(streams.lastId(), error.code, reason);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void shutDown() {
    lock.lock();
    try {
      goAway();
    } finally {
      lock.unlock();
    }
    wake();
  }

  private void goAway() {
    if (!goingAway && !failed) {
      goingAway = true;
      flow.out.goAway(streams.lastId(), ErrorCode.NO_ERROR.code, "");
    }
  }

  @Override
  public void expire() {
    lock.lock();
    try {
      if (greeted && !writer.hasEnded() && !failed) {
        if (streams.running() == 0) {
          goAway();
        }
        writer.wake();
        return;
      }
    } finally {
      lock.unlock();
    }
    link.close();
  }
}
