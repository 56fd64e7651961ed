package dev.raddle.http.internal;

import dev.raddle.net.NetException;
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
 * is called back only when the connection changes hands (takeBack); the next read waits for it.
 *
 * States      none -> reading (watch, or read with a deadline)
 *             reading -> none (its bytes, its end or its failure are kept in `ready`, `end`; nothing,
 *             if it was taken back before it got any)
 * Guarded by  lock: all fields but source.
 * Why not     Interrupting the read: it closes the connection.
 */
public final class Intake implements Source {
  private static final int BUFFER_BYTES = 2048;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

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

  /** Makes the present read of the connection fail with a timeout; a seam, as the other one. */
  @FunctionalInterface
  public interface Expiry {
    /**
     * Sets a read deadline that has passed.
     *
     * @throws IOException if the connection is closed
     */
    void expire() throws IOException;
  }

  private final Source source;
  private final Spawn spawn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable ByteBuffer ready; // read, not yet asked for; in read mode
  private boolean reading;
  private boolean takenBack; // a timeout is ours, and no failure of the connection
  private boolean eof;
  private @Nullable IOException failure;
  private @Nullable Runnable onGone;
  private boolean onBytes; // onGone is for bytes, too
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
    if (nanoTime == deadlineNanos) {
      return; // none after none, as after most requests
    }
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
    watch(gone, false);
  }

  /**
   * Watches for anything that comes, the end of the stream too, until something is read.
   *
   * @param moved called, on another goroutine, as soon as there is something
   */
  public void watchAll(Runnable moved) {
    watch(moved, true);
  }

  private void watch(Runnable gone, boolean all) {
    lock.lock();
    try {
      onGone = gone;
      onBytes = all;
      if (ready == null && !eof && failure == null) {
        startReading();
        return;
      }
    } finally {
      lock.unlock();
    }
    if (all || eof || failure != null) {
      gone.run();
    }
  }

  /**
   * Gives back what was read but is somebody else's to read. Nobody reads meanwhile, and nothing is
   * watched.
   *
   * @param bytes what the next reads return, not copied
   */
  public void unread(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return;
    }
    lock.lock();
    try {
      if (ready != null) { // read ahead, and later than those
        ByteBuffer both = ByteBuffer.allocate(bytes.remaining() + ready.remaining());
        ready = both.put(bytes).put(ready).flip();
      } else {
        ready = bytes;
      }
      detoured = true;
    } finally {
      lock.unlock();
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

  /**
   * Ends the read of the second goroutine, if there is one: the connection gets another reader, who
   * has the connection's own deadlines. What it has read is handed to the next read. Go:
   * abortPendingRead.
   *
   * @param expiry ends the read; if the connection knows no deadlines, the read goes on
   * @return whether the connection's read deadline has been set, and is to be taken away
   */
  public boolean takeBack(Expiry expiry) {
    lock.lock();
    try {
      onGone = null;
      deadlineNanos = 0;
      if (!reading) {
        return false;
      }
      takenBack = true;
    } finally {
      lock.unlock();
    }
    boolean knowsDeadlines = true;
    try {
      expiry.expire();
    } catch (IOException closed) {
      // The read ends by itself.
    } catch (UnsupportedOperationException e) {
      knowsDeadlines = false;
    }
    lock.lock();
    try {
      while (reading && knowsDeadlines) {
        changed.awaitUninterruptibly();
      }
      takenBack = false;
    } finally {
      lock.unlock();
    }
    return knowsDeadlines;
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

  /**
   * Waits without a buffer. If a second goroutine reads, waits for what it gets. Returns at once if
   * there is a deadline, which only a read keeps.
   */
  @Override
  public void awaitInput() throws IOException {
    if (detoured) {
      lock.lock();
      try {
        while (reading && deadlineNanos == 0) {
          changed.await();
        }
        if (ready != null || eof || failure != null) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClosedByInterruptException();
      } finally {
        lock.unlock();
      }
    }
    if (deadlineNanos == 0) {
      source.awaitInput();
    }
  }

  @Override
  public boolean hasInput() {
    return detoured ? !isQuiet() : source.hasInput();
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
    ByteBuffer buffer = NONE;
    int n = -1;
    IOException broken = null;
    try {
      source.awaitInput(); // for long, perhaps: without a buffer
      buffer = ByteBuffer.allocate(BUFFER_BYTES);
      n = source.read(buffer);
    } catch (IOException e) {
      broken = e;
    }
    Runnable gone = null;
    lock.lock();
    try {
      reading = false;
      boolean nothing = takenBack && broken instanceof NetException e && e.isTimeout();
      failure = nothing ? null : broken;
      if (n > 0) {
        ready = buffer.flip();
      } else if (broken == null) {
        eof = true;
      }
      if (n > 0 ? onBytes : !nothing) {
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
