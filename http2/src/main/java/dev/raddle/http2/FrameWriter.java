package dev.raddle.http2;

import dev.raddle.Go;
import dev.raddle.runtime.Scheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/*
 * The writer of a connection, of a client's or a server's: a goroutine that is there while something
 * is queued.
 *
 * Roles       Whoever has queued something: wake. The writer: run, and Side's write, end, fail.
 * Guarded by  the session's lock: the fields, the queue; it is held for no write.
 * Invariants  I1  After wake() whatever is queued has a writer: `writing` is set by who starts it,
 *                 and cleared by the writer in the hold of the lock in which it has found nothing.
 *             I2  There is one writer at most, and nobody else writes.
 *             I3  After end() or stop() nothing is written.
 * Rejected    A writer that waits for work: a stack for each idle connection. Writing by whoever
 *             queues: who is interrupted in it closes the connection under the other streams, and
 *             the reader would wait for a peer that does not read.
 */
/** The writer of a connection: a goroutine that is there while something is queued. */
final class FrameWriter {
  /** The session. */
  interface Side {
    /**
     * Whether nothing will be queued any more. Under the lock, when nothing is; it may queue a last
     * frame.
     */
    boolean mustEnd();

    /** The queue was full, and is not any more. Under the lock. */
    void signalRoom();

    /** Writes all of it. Without the lock, as the others. */
    void write(ByteBuffer batch) throws IOException;

    /** All has gone out. */
    void end() throws IOException;

    /** A write, or the end, has failed. Calls {@link FrameWriter#stop}. */
    void fail(IOException why);
  }

  private final Side side;
  private final Lock lock;
  private final FrameQueue out;
  private final Scheduler scheduler;
  private boolean writing;
  private boolean ended;
  private boolean stopped;

  FrameWriter(Side side, Lock lock, FrameQueue out, Scheduler scheduler) {
    this.side = side;
    this.lock = lock;
    this.out = out;
    this.scheduler = scheduler;
  }

  /**
   * Sees to it that what is queued goes out, and that what is over ends. Under the lock. Does not
   * wait.
   */
  void wake() {
    if (!writing && hasWork()) {
      writing = true;
      Go.go(scheduler, this::run);
    }
  }

  /** Whether the last byte is out, or on its way. Under the lock. */
  boolean hasEnded() {
    return ended;
  }

  /** Nothing can be written any more. Under the lock. */
  void stop() {
    stopped = true;
  }

  private boolean hasWork() {
    return !ended && !stopped && (!out.isEmpty() || side.mustEnd());
  }

  private void run() {
    while (true) {
      ByteBuffer batch = next();
      if (batch == null) {
        return;
      }
      try {
        if (batch.hasRemaining()) {
          side.write(batch);
        } else {
          side.end();
        }
      } catch (IOException e) {
        side.fail(e);
      }
    }
  }

  /** Null if there is nothing to do; nothing at all if that was all. */
  private @Nullable ByteBuffer next() {
    lock.lock();
    try {
      if (!hasWork()) {
        writing = false;
        return null;
      }
      boolean wasFull = out.isFull();
      ByteBuffer batch = out.take();
      ended = !batch.hasRemaining();
      if (wasFull) {
        side.signalRoom();
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }
}
