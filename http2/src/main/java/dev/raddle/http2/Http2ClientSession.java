package dev.raddle.http2;

import dev.raddle.Go;
import dev.raddle.http.spi.ClientLink;
import dev.raddle.http.spi.ClientSession;
import dev.raddle.http.spi.ClientStream;
import dev.raddle.http.spi.StreamRequest;
import dev.raddle.http.spi.UnansweredException;
import dev.raddle.net.Conn;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.jspecify.annotations.Nullable;

/*
 * One connection of HTTP/2, of a client.
 *
 * Roles       The reader: a goroutine that parses what comes (ClientReader), and changes streams
 *             (ClientFrames).
 *             The goroutines of the requests: queue their frames (Http2ClientStream).
 *             The writer: a goroutine that is there while something is queued (FrameWriter).
 * Lock        One for all: streams, windows, queue, compression. Held for no system call, no wait
 *             but that of streams, and no code of others.
 * Invariants  I1  Whatever is queued has a writer once settle() has been called, which who changes
 *                 something does when it has let go of the lock. Nobody else writes.
 *             I2  Numbers of streams are given in the order in which their heads are queued.
 *             I3  Bytes that were received are read, or given back to the window of the connection,
 *                 exactly once.
 *             I4  The link hears of each change, without the lock, after it.
 * Ends        See ClientEnd: by GOAWAY, when it is idle, by a request, by an error of either side.
 */
/** One connection of HTTP/2, of a client, from the preface to its end. */
final class Http2ClientSession implements ClientSession {
  static final int STREAM_WINDOW_BYTES = 4 << 20; // Go's, as the next
  static final int WINDOW_BYTES = 1 << 30; // of the connection
  private static final int TABLE_BYTES = 4096; // to compress heads
  private static final byte[] PING = new byte[8];

  final ReentrantLock lock = new ReentrantLock();
  private final ClientLink link;
  private final Conn conn;
  private final Scheduler scheduler = Scheduler.current(); // a cleaner's thread has another one
  private final HealthCheck health;

  // Guarded by lock, down to the line.
  final Flow flow;
  final ClientStreams streams = new ClientStreams();
  private final ClientEnd end;
  private long maxHeadBytes = Long.MAX_VALUE;
  private boolean opened;
  private boolean greeted;
  private boolean changed;

  // ----

  Http2ClientSession(ClientLink link, int windowBytes) {
    this.link = link;
    conn = link.conn();
    flow = new Flow(windowBytes);
    end = new ClientEnd(this, conn, scheduler);
    health =
        new HealthCheck(
            link.sendPingNanos(),
            link.pingNanos(),
            this::ping,
            () -> end.lose(new IOException("http2: client connection lost")));
  }

  void begin() {
    lock.lock();
    try {
      flow.out.preface();
      flow.out.settings(
          SettingsFrame.ENABLE_PUSH,
          0,
          SettingsFrame.INITIAL_WINDOW_SIZE,
          STREAM_WINDOW_BYTES,
          SettingsFrame.MAX_HEADER_LIST_SIZE,
          link.maxHeaderBytes());
      flow.announce();
    } finally {
      lock.unlock();
    }
    settle();
    health.start();
    Go.go(scheduler, new ClientReader(this, end, conn, health)::run);
  }

  // What the pool of connections asks for.

  @Override
  public @Nullable ClientStream tryOpen() {
    lock.lock();
    try {
      if (opened && (end.isRetired() || streams.isFull() || flow.out.isFull())) {
        return null;
      }
      opened = true; // by the first one, given in any case: start() tells why there is no more
      if (streams.areUsedUp()) {
        end.retire();
        return null; // and reported by the stream that ends next
      }
      streams.reserve();
      return new Http2ClientStream(this);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isUsable() {
    lock.lock();
    try {
      return !end.isRetired();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int streams() {
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void closeIfIdle() {
    lock.lock();
    try {
      if (streams.size() == 0) {
        end.retire();
      }
    } finally {
      lock.unlock();
    }
    settle();
  }

  // Streams, under the lock.

  /** Gives a stream its number, and queues the head of its request. */
  void start(ClientStreamState stream, StreamRequest head, boolean last) throws IOException {
    if (end.isRetired()) {
      IOException reason = end.why();
      if (reason != null && !greeted) {
        throw new IOException(reason.getMessage(), reason); // another connection would do no better
      }
      throw new UnansweredException("http2: connection takes no more requests", true, reason);
    }
    HttpFields fields = ClientHeads.fields(head);
    if (ClientHeads.bytes(fields) > maxHeadBytes) {
      throw new IOException("http2: request header list larger than peer's advertised limit");
    }
    int id = streams.add(stream);
    stream.open(id, head.method().equals("HEAD"), last);
    queueHead(id, fields, last);
    if (stream.retires()) {
      end.retire();
    }
  }

  void queueHead(int id, HttpFields fields, boolean last) throws IOException {
    try {
      flow.out.head(id, new MetaData(HttpVersion.HTTP_2, fields), last, flow.maxSendFrame());
    } catch (IOException e) {
      fail(ErrorCode.INTERNAL_ERROR, "head cannot be sent");
      throw e;
    }
  }

  void remove(int id) {
    streams.remove(id);
    changed = true;
  }

  void unreserve() {
    streams.unreserve();
    changed = true;
  }

  // The reader, under the lock.

  int maxHeaderBytes() {
    return link.maxHeaderBytes();
  }

  boolean isGreeted() {
    return greeted;
  }

  /** Whether frames are of no interest any more. */
  boolean isFailed() {
    return end.isFailed();
  }

  /** The server has broken the rules. */
  void fail(ErrorCode error, String reason) {
    end.fail(error, reason);
  }

  /** The server looks at no streams beyond the last one. */
  void goAway(int lastId, int error, String text) {
    end.goAway(lastId, error, text);
  }

  /** Takes over what the server wants. */
  void apply(Map<Integer, Integer> settings) {
    Integer most = settings.get(SettingsFrame.MAX_CONCURRENT_STREAMS);
    if (most != null) {
      streams.setMax(most);
    } else if (!greeted) {
      streams.setDefaultMax();
    }
    Integer headBytes = settings.get(SettingsFrame.MAX_HEADER_LIST_SIZE);
    if (headBytes != null) {
      maxHeadBytes = Integer.toUnsignedLong(headBytes);
    }
    greeted = true;
    changed = true;
    long delta = flow.apply(settings, TABLE_BYTES, Integer.MAX_VALUE);
    if (!streams.moveSendWindows(delta)) {
      fail(ErrorCode.FLOW_CONTROL_ERROR, "window of a stream too large");
    }
  }

  /** To be called without the lock, after a change: what is queued goes out, and others hear. */
  void settle() {
    boolean report;
    lock.lock();
    try {
      wakeWriter();
      report = changed;
      changed = false;
    } finally {
      lock.unlock();
    }
    if (report) {
      link.changed();
    }
  }

  /** Sees to it that what is queued goes out. Under the lock. */
  void wakeWriter() {
    end.wakeWriter();
  }

  private void ping() {
    lock.lock();
    try {
      flow.out.ping(PING);
    } finally {
      lock.unlock();
    }
    settle();
  }

  /** The pool is to be told, by {@link #settle}. Under the lock. */
  void changed() {
    changed = true;
  }

  void stopHealthCheck() {
    health.stop();
  }
}
