package dev.raddle.net.internal;

import static java.lang.invoke.MethodHandles.lookup;

import dev.raddle.internal.sched.WaitReason;
import dev.raddle.internal.sched.Waiter;
import dev.raddle.net.internal.SocketFault.Kind;
import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * A socket that never blocks, and goroutines that wait for it: each tries its system call itself and
 * waits for readiness when there is nothing to do.
 *
 * Turns       One goroutine reads and one writes at a time; the others queue for their turn. Who has a
 *             turn owns the fields of that direction.
 * References  state = CLOSED | 2 * references. An operation holds a reference, so the number of a
 *             closed descriptor, which the system gives out again at once, is never used.
 *   open, n      -> open, n+1     // an operation begins
 *   open, n      -> CLOSED, n+1   // close(): the closer holds one while it wakes both sides
 *   CLOSED, n+1  -> CLOSED, n     // an operation ends; none begins any more
 *   CLOSED, 1    -> CLOSED, 0     // whoever does this destroys the descriptor, and tells the closer
 *   close() waits for that: afterwards the address can be bound again. Those that it waits for never
 *   block; they have been woken.
 * Checked by  NetStressTest, ConnProtocolTest.
 * Sources     Go internal/poll/{fd_unix,fd_mutex}.go.
 */
/** A socket of either backend. */
public abstract class NetFd {
  /** What a try returns when it would have to wait. */
  static final int AGAIN = -2;

  /** What a try to send a file returns if it has to be copied instead. */
  static final int UNSUPPORTED = -3;

  /** What a try to read returns at the end of the stream. */
  static final int EOF = -1;

  private static final int CLOSED = 1;
  private static final int REFERENCE = 2;

  private static final VarHandle STATE =
      ConstantBootstraps.fieldVarHandle(lookup(), "state", VarHandle.class, NetFd.class, int.class);

  final PollSide read;
  final PollSide write;
  private final ReentrantLock readTurn = new ReentrantLock();
  private final ReentrantLock writeTurn = new ReentrantLock();

  /** The last try to read took all there was: an event will come before there is more. */
  boolean drained;

  @SuppressWarnings("FieldMayBeFinal") // written through STATE
  private volatile int state;

  /** Waits in close() for the end of the descriptor. */
  private volatile @Nullable Freed closer;

  NetFd(PollSide read, PollSide write) {
    this.read = read;
    this.write = write;
  }

  // ---- what a backend does; a try never blocks ----

  abstract int tryRead(ByteBuffer target) throws SocketFault;

  /** Whether input, if there is any, is sure to bring an event to whoever waits now. */
  abstract boolean eventAhead();

  abstract int tryWrite(ByteBuffer source) throws SocketFault;

  /** Returns how many bytes went out, 0 at the end of the file, AGAIN, or UNSUPPORTED. */
  abstract long trySendFile(FileChannel file, long position, long count) throws SocketFault;

  abstract @Nullable NetFd tryAccept() throws SocketFault;

  /** Returns whether it is connected already. */
  abstract boolean tryConnect(SocketAddress peer) throws SocketFault;

  /** After readiness to write: returns whether it is connected now. */
  abstract boolean finishConnect() throws SocketFault;

  /** Returns the sender; null to wait. */
  abstract @Nullable SocketAddress tryReceive(ByteBuffer target) throws SocketFault;

  /** Returns whether the datagram was sent. */
  abstract boolean trySend(ByteBuffer source, SocketAddress to) throws SocketFault;

  abstract void doShutdown(boolean input) throws SocketFault;

  /** Frees the descriptor, then calls {@link #destroyed}, perhaps on another thread. */
  abstract void destroy();

  /**
   * Returns the address of this end.
   *
   * @return an Internet or Unix address
   * @throws SocketFault if the system does not know it
   */
  public abstract SocketAddress local() throws SocketFault;

  /**
   * Returns the address of the other end.
   *
   * @return an Internet or Unix address
   * @throws SocketFault if the system does not know it
   */
  public abstract SocketAddress remote() throws SocketFault;

  /**
   * Switches Nagle's algorithm.
   *
   * @param off true to send small segments at once
   * @throws SocketFault if the system refuses
   */
  public abstract void noDelay(boolean off) throws SocketFault;

  /**
   * Switches keep-alive.
   *
   * @param seconds idle time before the first probe and between probes; 0 for none
   * @param probes without an answer until the connection is broken
   * @throws SocketFault if the system refuses
   */
  public abstract void keepAlive(int seconds, int probes) throws SocketFault;

  // ---- operations ----

  /**
   * Reads at least a byte.
   *
   * @param target has room
   * @return how many; -1 at the end of the stream
   * @throws SocketFault if it cannot
   */
  public final int read(ByteBuffer target) throws SocketFault {
    enter(readTurn);
    try {
      begin(read);
      if (drained) {
        drained = false;
        await(read, null);
      }
      for (; ; ) {
        int n = tryRead(target);
        if (n != AGAIN) {
          return n;
        }
        await(read, null);
      }
    } finally {
      leave(readTurn);
    }
  }

  /**
   * Waits until {@link #read} has something to return, without a buffer.
   *
   * @throws SocketFault if it cannot
   */
  public final void awaitInput() throws SocketFault {
    enter(readTurn);
    try {
      begin(read);
      if (eventAhead()) {
        drained = false;
        await(read, null);
      }
    } finally {
      leave(readTurn);
    }
  }

  /**
   * Says whether an event came that no read has looked after.
   *
   * @return a guess
   */
  public final boolean hasInput() {
    return read.isReady();
  }

  /**
   * Writes all of it.
   *
   * @param source its position tells how far it came
   * @throws SocketFault if it cannot
   */
  public final void write(ByteBuffer source) throws SocketFault {
    enter(writeTurn);
    try {
      begin(write);
      for (; ; ) { // at least once: an empty datagram is one
        if (tryWrite(source) == AGAIN) {
          await(write, null);
        } else if (!source.hasRemaining()) {
          return;
        }
      }
    } finally {
      leave(writeTurn);
    }
  }

  /**
   * Writes a part of a file.
   *
   * @param file open until the return
   * @param position of the first byte
   * @param count how many
   * @return how many were written, fewer at the end of the file; negative if that cannot be done
   *     here, and nothing was written
   * @throws SocketFault if it cannot
   */
  public final long sendFile(FileChannel file, long position, long count) throws SocketFault {
    enter(writeTurn);
    try {
      begin(write);
      long sent = 0;
      while (sent < count) {
        long n = trySendFile(file, position + sent, count - sent);
        if (n == AGAIN) {
          await(write, null);
        } else if (n > 0) {
          sent += n;
          if (sent < count) {
            begin(write); // a peer that keeps up never makes it wait: closed, or too late?
          }
        } else {
          return n == UNSUPPORTED && sent == 0 ? n : sent;
        }
      }
      return sent;
    } finally {
      leave(writeTurn);
    }
  }

  /**
   * Takes a connection.
   *
   * @param given another reason to give up; see {@link #kick}
   * @return the connection
   * @throws SocketFault if it cannot
   */
  public final NetFd accept(@Nullable BooleanSupplier given) throws SocketFault {
    enter(readTurn);
    try {
      begin(read);
      for (; ; ) {
        NetFd accepted = tryAccept();
        if (accepted != null) {
          return accepted;
        }
        await(read, given);
      }
    } finally {
      leave(readTurn);
    }
  }

  /**
   * Connects.
   *
   * @param peer where to
   * @param given another reason to give up; see {@link #kick}
   * @throws SocketFault if it cannot; the caller closes it
   */
  public final void connect(SocketAddress peer, @Nullable BooleanSupplier given)
      throws SocketFault {
    enter(writeTurn);
    try {
      begin(write);
      boolean connected = tryConnect(peer);
      while (!connected) {
        await(write, given);
        connected = finishConnect();
      }
    } finally {
      leave(writeTurn);
    }
  }

  /**
   * Receives a datagram; what does not fit is lost.
   *
   * @param target where to
   * @return the sender
   * @throws SocketFault if it cannot
   */
  public final SocketAddress receive(ByteBuffer target) throws SocketFault {
    enter(readTurn);
    try {
      begin(read);
      for (; ; ) {
        SocketAddress from = tryReceive(target);
        if (from != null) {
          return from;
        }
        await(read, null);
      }
    } finally {
      leave(readTurn);
    }
  }

  /**
   * Sends a datagram.
   *
   * @param source all of it is one datagram
   * @param to where to
   * @throws SocketFault if it cannot
   */
  public final void send(ByteBuffer source, SocketAddress to) throws SocketFault {
    enter(writeTurn);
    try {
      begin(write);
      while (!trySend(source, to)) {
        await(write, null);
      }
    } finally {
      leave(writeTurn);
    }
  }

  /**
   * Ends one direction.
   *
   * @param input which
   * @throws SocketFault if it is closed or not connected
   */
  public final void shutdown(boolean input) throws SocketFault {
    if (!refer()) {
      throw closedFault();
    }
    try {
      doShutdown(input);
      if (input) {
        drained = false; // the next read finds the end by itself
        read.ready();
      }
    } finally {
      release();
    }
  }

  /** Those that wait look again at what they were given as a reason to stop. */
  public final void kick() {
    read.kick();
    write.kick();
  }

  /**
   * Sets or takes away deadlines.
   *
   * @param input the deadline of reads
   * @param output the deadline of writes
   * @param nanos from now, not positive for one that has passed; null for none
   * @throws SocketFault if it is closed
   */
  public final void deadline(boolean input, boolean output, @Nullable Long nanos)
      throws SocketFault {
    if (!refer()) {
      throw closedFault();
    }
    try {
      if (input) {
        deadline(read, nanos);
      }
      if (output) {
        deadline(write, nanos);
      }
    } finally {
      release();
    }
  }

  private static void deadline(PollSide side, @Nullable Long nanos) {
    if (nanos == null) {
      side.neverExpire();
    } else {
      side.expireIn(nanos);
    }
  }

  // ---- waiting ----

  private void enter(ReentrantLock turn) throws SocketFault {
    if (!refer()) {
      throw closedFault();
    }
    turn.lock();
  }

  private void leave(ReentrantLock turn) {
    turn.unlock();
    release();
  }

  private static void begin(PollSide side) throws SocketFault {
    int state = side.state();
    if (state != PollSide.OK) {
      throw fault(state);
    }
  }

  private void await(PollSide side, @Nullable BooleanSupplier given) throws SocketFault {
    int why;
    try {
      why = side.await(given);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (why != PollSide.OK) {
      throw fault(why);
    }
  }

  private SocketFault interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    if (shut()) {
      release();
    }
    return new SocketFault(Kind.INTERRUPTED, "interrupted", e);
  }

  private static SocketFault fault(int why) {
    return switch (why) {
      case PollSide.CLOSED -> closedFault();
      case PollSide.TIMEOUT -> new SocketFault(Kind.TIMEOUT, "i/o timeout", null);
      default -> new SocketFault(Kind.GIVEN, "given up", null);
    };
  }

  private static SocketFault closedFault() {
    return new SocketFault(Kind.CLOSED, "use of closed network connection", null);
  }

  // ---- references and the end ----

  private boolean refer() {
    for (int s = state; (s & CLOSED) == 0; s = state) {
      if (STATE.compareAndSet(this, s, s + REFERENCE)) {
        return true;
      }
    }
    return false;
  }

  private void release() {
    int before = (int) STATE.getAndAdd(this, -REFERENCE);
    if (before == (CLOSED | REFERENCE)) {
      destroy();
    }
  }

  /** Whether it was closed. */
  public final boolean isClosed() {
    return (state & CLOSED) != 0;
  }

  /** Closes it; the caller got a reference that it has to give back. False: it was closed. */
  private boolean shut() {
    for (int s = state; (s & CLOSED) == 0; s = state) {
      if (STATE.compareAndSet(this, s, (s + REFERENCE) | CLOSED)) {
        read.close();
        write.close();
        return true;
      }
    }
    return false;
  }

  /**
   * Closes it, wakes those that wait, and waits until the descriptor is free.
   *
   * @return false if it was closed already
   */
  public final boolean close() {
    if (!shut()) {
      return false;
    }
    var waiter = new Freed();
    closer = waiter;
    release();
    waiter.await();
    return true;
  }

  /** The descriptor is free. */
  final void destroyed() {
    Freed waiter = closer;
    if (waiter != null) {
      waiter.ready();
    }
  }

  private static final class Freed extends Waiter {
    void await() {
      try {
        await(WaitReason.IO_WAIT);
      } catch (InterruptedException e) {
        throw new IllegalStateException("a wait that cannot be withdrawn was", e);
      }
    }

    @Override
    protected boolean withdraw() {
      return false;
    }
  }
}
