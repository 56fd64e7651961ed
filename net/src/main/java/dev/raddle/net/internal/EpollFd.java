package dev.raddle.net.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.raddle.internal.jdk.FileDescriptors;
import dev.raddle.internal.sched.Sched;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/*
 * A socket in an epoll set; its goroutines make the system calls themselves.
 *
 * Drained     A stream socket that gave less than was asked for is empty, and what comes next is a new
 *             edge (epoll(7)): the next read waits at once and saves a call. Not so after anything
 *             unusual (the peer has finished, an error, urgent data): that edge may be behind us.
 */
/** A socket in an epoll set. */
final class EpollFd extends NetFd {
  private static final int SOCK_FLAGS = 0x80000 | 0x800; // close on exec, never blocks
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_SEQPACKET = 5;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ERROR = 4;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;
  private static final int SHUT_RD = 0;
  private static final int SHUT_WR = 1;

  /** Of a file, in a call: whoever closes the socket, and a deadline, wait for no more. */
  private static final int MOST_OF_A_FILE = 4 << 20;

  final int number;
  final int family;
  private final int type;

  /** Of the registration; guarded by the set's lock, read by the poller. */
  volatile int generation;

  /** Its set; changes when the set's scheduler ends. */
  volatile @Nullable Epoll poller;

  /** An event said more than that there is something to read or room to write. Never taken back. */
  volatile boolean unusual;

  /** Places for errno, of whoever has the turn. */
  private final MemorySegment readErrno = MemorySegment.ofArray(new int[1]);

  private final MemorySegment writeErrno = MemorySegment.ofArray(new int[1]);
  private @Nullable SocketAddress peer;

  /** Nobody has read or waited for input: the event of the registration tells of what is there. */
  private boolean fresh = true;

  EpollFd(int number, int family, int type, @Nullable SocketAddress peer) {
    super(new PollSide(), new PollSide());
    this.number = number;
    this.family = family;
    this.type = type;
    this.peer = peer;
  }

  /** A new socket, not yet registered. */
  static EpollFd open(int family, int type) throws SocketFault {
    int number = checked(Libc.call(Libc.SOCKET, family, type | SOCK_FLAGS, 0));
    return new EpollFd(number, family, type, null);
  }

  /** Registers it; on failure it is closed. */
  EpollFd register() throws SocketFault {
    try {
      Epoll.current().register(this);
      return this;
    } catch (SocketFault e) {
      Libc.call(Libc.CLOSE, number, 0, 0);
      throw e;
    }
  }

  private static int checked(int result) throws SocketFault {
    if (result < 0) {
      throw SocketFault.of(-result);
    }
    return result;
  }

  void option(int level, int name, int value) throws SocketFault {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment v = arena.allocateFrom(JAVA_INT, value);
      checked(
          Libc.call(
              Libc.SETSOCKOPT,
              arena.allocate(JAVA_INT),
              number,
              level,
              name,
              v.address(),
              Integer.BYTES));
    }
  }

  void bind(SocketAddress address) throws SocketFault {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = SockAddr.encode(address, family, arena);
      checked(Libc.call(Libc.BIND, number, a.address(), a.byteSize()));
    }
  }

  void listen(int backlog) throws SocketFault {
    checked(Libc.call(Libc.LISTEN, number, backlog, 0));
  }

  @Override
  boolean eventAhead() {
    boolean ahead = drained || fresh;
    fresh = false;
    return ahead;
  }

  @Override
  int tryRead(ByteBuffer target) throws SocketFault {
    fresh = false;
    if (isOneMessage(target)) {
      int before = target.position();
      if (tryReceive(target) == null) {
        return AGAIN;
      }
      return orEnd(target.position() - before);
    }
    MemorySegment room = MemorySegment.ofBuffer(target);
    int n;
    do {
      n = Libc.recv(number, readErrno, room);
    } while (n == -Libc.EINTR);
    if (n > 0) {
      target.position(target.position() + n);
      drained = type == SOCK_STREAM && n < Math.min(room.byteSize(), Libc.CHUNK) && !unusual;
      return n;
    }
    if (n == 0) {
      return orEnd(0);
    }
    if (n == -Libc.EAGAIN) {
      return AGAIN;
    }
    throw SocketFault.of(-n);
  }

  private int orEnd(int bytes) {
    return bytes == 0 && type != SOCK_DGRAM ? EOF : bytes;
  }

  /**
   * Messages of Unix sockets may be longer than what a critical call moves; those of UDP are not.
   */
  private boolean isOneMessage(ByteBuffer bytes) {
    return type != SOCK_STREAM && family == SockAddr.AF_UNIX && bytes.remaining() > Libc.CHUNK;
  }

  @Override
  int tryWrite(ByteBuffer source) throws SocketFault {
    if (isOneMessage(source)) {
      int size = source.remaining();
      return trySend(source, null) ? size : AGAIN;
    }
    int n;
    do {
      n = Libc.send(number, writeErrno, MemorySegment.ofBuffer(source));
    } while (n == -Libc.EINTR);
    if (n >= 0) {
      source.position(source.position() + n);
      return n;
    }
    if (n == -Libc.EAGAIN) {
      return AGAIN;
    }
    throw SocketFault.of(-n);
  }

  @Override
  long trySendFile(FileChannel file, long position, long count) throws SocketFault {
    int from = FileDescriptors.of(file);
    if (from < 0) {
      return UNSUPPORTED;
    }
    int n;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(JAVA_INT);
      MemorySegment offset = arena.allocateFrom(JAVA_LONG, position);
      long most = Math.min(count, MOST_OF_A_FILE);
      boolean blocking = Sched.blockingBegins(); // for the disk: the socket does not block
      try {
        do {
          n = Libc.call(Libc.SENDFILE, errno, number, from, offset.address(), most, 0);
        } while (n == -Libc.EINTR);
      } finally {
        if (blocking) {
          Sched.blockingEnded();
        }
      }
    }
    return switch (-n) {
      case Libc.EAGAIN -> AGAIN;
      case Libc.EINVAL, Libc.ENOSYS, Libc.EOPNOTSUPP -> UNSUPPORTED; // a file system that cannot
      default -> checked(n);
    };
  }

  @Override
  @Nullable NetFd tryAccept() throws SocketFault {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(JAVA_INT);
      MemorySegment from = arena.allocate(SockAddr.MAX_BYTES, 8);
      MemorySegment length = arena.allocate(JAVA_INT);
      for (; ; ) {
        length.set(JAVA_INT, 0, SockAddr.MAX_BYTES);
        int n =
            Libc.call(Libc.ACCEPT4, errno, number, from.address(), length.address(), SOCK_FLAGS, 0);
        if (n >= 0) {
          SocketAddress who = SockAddr.decode(from, length.get(JAVA_INT, 0));
          return new EpollFd(n, family, type, who).register();
        }
        if (n == -Libc.EAGAIN) {
          return null;
        }
        if (n != -Libc.EINTR && n != -Libc.ECONNABORTED && n != -Libc.EPROTO) {
          throw SocketFault.of(-n);
        }
      }
    }
  }

  @Override
  boolean tryConnect(SocketAddress to) throws SocketFault {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = SockAddr.encode(to, family, arena);
      int n = Libc.call(Libc.CONNECT, number, a.address(), a.byteSize());
      boolean under = n == -Libc.EINPROGRESS || n == -Libc.EINTR;
      if (!under) {
        checked(n);
      }
      if (poller == null) { // only now: an unconnected socket would report that it is hung up
        Epoll.current().register(this);
      }
      return !under;
    }
  }

  @Override
  boolean finishConnect() throws SocketFault {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(JAVA_INT);
      MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
      checked(
          Libc.call(
              Libc.GETSOCKOPT,
              arena.allocate(JAVA_INT),
              number,
              SOL_SOCKET,
              SO_ERROR,
              error.address(),
              length.address()));
      int e = error.get(JAVA_INT, 0);
      if (e != 0) {
        throw SocketFault.of(e);
      }
      MemorySegment unused = arena.allocate(SockAddr.MAX_BYTES, 8);
      length.set(JAVA_INT, 0, SockAddr.MAX_BYTES);
      // An event may be for nothing: only a peer proves the connection.
      return Libc.call(Libc.GETPEERNAME, number, unused.address(), length.address()) >= 0;
    }
  }

  @Override
  @Nullable SocketAddress tryReceive(ByteBuffer target) throws SocketFault {
    int room = target.remaining();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(room, 1));
      MemorySegment from = arena.allocate(SockAddr.MAX_BYTES, 8);
      MemorySegment length = arena.allocateFrom(JAVA_INT, SockAddr.MAX_BYTES);
      MemorySegment errno = arena.allocate(JAVA_INT);
      int n;
      do {
        n =
            Libc.call(
                Libc.RECVFROM,
                errno,
                number,
                bytes.address(),
                room,
                0,
                from.address(),
                length.address());
      } while (n == -Libc.EINTR);
      if (n == -Libc.EAGAIN) {
        return null;
      }
      checked(n);
      target.put(bytes.asSlice(0, n).asByteBuffer());
      return SockAddr.decode(from, length.get(JAVA_INT, 0));
    }
  }

  /** All of it as one message; without an address to whom it is connected. */
  @Override
  boolean trySend(ByteBuffer source, @Nullable SocketAddress to) throws SocketFault {
    int size = source.remaining();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(size, 1));
      bytes.copyFrom(MemorySegment.ofBuffer(source));
      MemorySegment a = to == null ? MemorySegment.NULL : SockAddr.encode(to, family, arena);
      MemorySegment errno = arena.allocate(JAVA_INT);
      int n;
      do {
        n =
            Libc.call(
                Libc.SENDTO,
                errno,
                number,
                bytes.address(),
                size,
                Libc.MSG_NOSIGNAL,
                a.address(),
                a.byteSize());
      } while (n == -Libc.EINTR);
      if (n == -Libc.EAGAIN) {
        return false;
      }
      checked(n);
      source.position(source.limit());
      return true;
    }
  }

  @Override
  void doShutdown(boolean input) throws SocketFault {
    checked(Libc.call(Libc.SHUTDOWN, number, input ? SHUT_RD : SHUT_WR, 0));
  }

  @Override
  void destroy() {
    for (Epoll p = poller; p != null && !p.remove(this); p = poller) {
      Thread.onSpinWait(); // it was being passed on
    }
    Libc.call(Libc.CLOSE, number, 0, 0);
    destroyed();
  }

  @Override
  public SocketAddress local() throws SocketFault {
    return name(Libc.GETSOCKNAME);
  }

  @Override
  public SocketAddress remote() throws SocketFault {
    SocketAddress known = peer;
    if (known == null) {
      known = name(Libc.GETPEERNAME);
      peer = known;
    }
    return known;
  }

  private SocketAddress name(MemorySegment function) throws SocketFault {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(SockAddr.MAX_BYTES, 8);
      MemorySegment length = arena.allocateFrom(JAVA_INT, SockAddr.MAX_BYTES);
      checked(Libc.call(function, number, a.address(), length.address()));
      return SockAddr.decode(a, length.get(JAVA_INT, 0));
    }
  }

  @Override
  public void noDelay(boolean off) throws SocketFault {
    option(IPPROTO_TCP, TCP_NODELAY, off ? 1 : 0);
  }

  @Override
  public void keepAlive(int seconds, int probes) throws SocketFault {
    option(SOL_SOCKET, SO_KEEPALIVE, seconds > 0 ? 1 : 0);
    if (seconds > 0) {
      option(IPPROTO_TCP, TCP_KEEPIDLE, seconds);
      option(IPPROTO_TCP, TCP_KEEPINTVL, seconds);
      option(IPPROTO_TCP, TCP_KEEPCNT, probes);
    }
  }
}
