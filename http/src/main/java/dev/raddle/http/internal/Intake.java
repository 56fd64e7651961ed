package dev.raddle.http.internal;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * The reading side of a connection, for one reader at a time.
 *
 * Most reads go straight to the connection. A second goroutine reads in its place in two cases: to
 * notice that the client leaves while the handler does not read (watch), and to give up waiting at
 * a deadline without giving up the connection. What it has read is handed to the next read. It
 * cannot be called back; the next read waits for it.
 *
 * States      none -> reading (watch, or read with a deadline)
 *             reading -> none (its bytes, its end or its failure are kept in `ready`, `end`)
 * Guarded by  lock: all fields but source.
 * Why not     Interrupting the read: it closes the connection.
 */
public final class Intake implements Source {
  private static final int BUFFER_BYTES = 2048;

  /** Starts a goroutine; a seam, as this package knows nothing of the scheduler. */
  @FunctionalInterface
  public interface Spawn {
    /**
     * Runs something on a goroutine of its own.
     *
     * @param body what
     */
    void go(Runnable body);
  }

  private final Source source;
  private final Spawn spawn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable ByteBuffer ready; // read, not yet asked for; in read mode
  private boolean reading;
  private boolean eof;
  private @Nullable IOException failure;
  private @Nullable Runnable onGone;
  private volatile boolean detoured; // whether the second goroutine has ever been used
  private volatile long deadlineNanos; // by System.nanoTime; 0 for none

  /**
   * Makes the reading side of a connection.
   *
   * @param source the connection
   * @param spawn starts goroutines
   */
  public Intake(Source source, Spawn spawn) {
    this.source = source;
    this.spawn = spawn;
  }

  /**
   * Sets until when reads wait, those included that wait now on the second goroutine.
   *
   * @param nanoTime as System.nanoTime; 0 for no limit
   */
  public void setDeadline(long nanoTime) {
    deadlineNanos = nanoTime;
    if (detoured) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Watches for the end of the stream until something is read.
   *
   * @param gone called, on another goroutine, if the client leaves before it sends another byte
   */
  public void watch(Runnable gone) {
    lock.lock();
    try {
      onGone = gone;
      if (ready == null && !eof && failure == null) {
        startReading();
        return;
      }
    } finally {
      lock.unlock();
    }
    if (eof || failure != null) {
      gone.run();
    }
  }

  /**
   * Says whether nothing has come while the second goroutine watched.
   *
   * @return false if there are bytes, an end or a failure
   */
  public boolean isQuiet() {
    lock.lock();
    try {
      return ready == null && !eof && failure == null;
    } finally {
      lock.unlock();
    }
  }

  /** Calls nobody any more when the client leaves. */
  public void unwatch() {
    if (detoured) {
      lock.lock();
      try {
        onGone = null;
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!detoured && deadlineNanos == 0) {
      return source.read(target);
    }
    lock.lock();
    try {
      while (true) {
        ByteBuffer r = ready;
        if (r != null) {
          int n = Math.min(r.remaining(), target.remaining());
          target.put(target.position(), r, r.position(), n);
          target.position(target.position() + n);
          r.position(r.position() + n);
          ready = r.hasRemaining() ? r : null;
          return n;
        }
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        if (eof) {
          return -1;
        }
        if (!reading && deadlineNanos == 0) {
          break;
        }
        await();
      }
    } finally {
      lock.unlock();
    }
    return source.read(target);
  }

  @SuppressWarnings("WaitNotInLoop") // read() is the loop
  private void await() throws IOException {
    long deadline = deadlineNanos;
    long left = deadline == 0 ? Long.MAX_VALUE : deadline - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("i/o timeout");
    }
    startReading();
    try {
      if (deadline == 0) {
        changed.await();
      } else if (changed.awaitNanos(left) <= 0) {
        return; // looked at again by the caller
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private void startReading() {
    if (!reading) {
      reading = true;
      detoured = true;
      spawn.go(this::readOne);
    }
  }

  private void readOne() {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    int n = -1;
    IOException broken = null;
    try {
      n = source.read(buffer);
    } catch (IOException e) {
      broken = e;
    }
    Runnable gone = null;
    lock.lock();
    try {
      reading = false;
      failure = broken;
      if (n > 0) {
        ready = buffer.flip();
      } else if (broken == null) {
        eof = true;
      }
      if (n <= 0) {
        gone = onGone;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (gone != null) {
      gone.run();
    }
  }
}
